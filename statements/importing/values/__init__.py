"""How cells that people type are understood. No models and no queries: text in, a value and a notice out.

Every function returns the value and a sentence for whoever imports, which is blank where nobody could have meant
anything else, and raises CellProblem where the cell can't be read.
"""
