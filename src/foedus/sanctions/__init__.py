"""Sanctions: lists as they are published."""
