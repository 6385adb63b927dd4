"""The list of cases: functions of a flavour, entered by a decorator."""

CASES = []


def case(function):
    CASES.append(function)
    return function
