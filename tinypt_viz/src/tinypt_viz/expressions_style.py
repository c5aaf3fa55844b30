from tinypt_viz.formula_style import Formulas


class Expressions(Formulas):
    pass
