"""Undoing a run: what it did to each row (`kept`), what becomes of it (`statements`, `updates`, `reference`), and what
else uses it (`uses`).
"""
