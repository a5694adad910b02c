"""What comes in and goes out by week, as a chart without a script, and where it leads. Pure."""

from typing import Any

WEEKS = 12
AHEAD = 4
"""Weeks that are looked ahead, at the pace of as many weeks past."""
WIDTH, HEIGHT, FOOT = 600, 160, 20


def forecast_of(waits: int, came: list[int], went: list[int]) -> list[int]:
    """What would wait in one to four weeks, if the last four full weeks go on as they were; never less than nothing."""
    full = slice(-AHEAD - 1, -1)  # this week is not over
    pace = (sum(came[full]) - sum(went[full])) / AHEAD
    return [max(0, round(waits + pace * week)) for week in range(1, AHEAD + 1)]


def chart_of(came: list[int], went: list[int]) -> dict[str, Any]:
    """Two bars for each week: places and sizes in a drawing of WIDTH by HEIGHT."""
    most = max(1, *came, *went)
    step = WIDTH / len(came)
    bars = []
    for place, pair in enumerate(zip(came, went, strict=True)):
        for side, number in enumerate(pair):
            height = round(number / most * (HEIGHT - FOOT - 12))
            bars.append({
                "kind": ("at-in", "at-out")[side], "number": number,
                "x": round(step * place + 4 + side * (step / 2 - 4)), "y": HEIGHT - FOOT - height,
                "width": round(step / 2 - 6), "height": height,
            })  # fmt: skip
    return {"bars": bars, "width": WIDTH, "height": HEIGHT, "floor": HEIGHT - FOOT, "most": most}
