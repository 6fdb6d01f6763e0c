"""Exercises: a record whose acts are invented, signed with demo keys, marked EXERCISE everywhere and valid nowhere
else.
"""

from foedus.exercise.keys import ExerciseKeys
from foedus.exercise.script import ExerciseNote, build, note_of

__all__ = ["ExerciseKeys", "ExerciseNote", "build", "note_of"]
