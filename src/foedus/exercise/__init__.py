"""Exercises: a record whose acts are invented, signed with demo keys, marked EXERCISE everywhere and valid nowhere
else.
"""

from foedus.exercise.keys import ExerciseKeys
from foedus.exercise.script import ExerciseNote, build, keep_note, note_of

__all__ = ["ExerciseKeys", "ExerciseNote", "build", "keep_note", "note_of"]
