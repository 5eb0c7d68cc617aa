"""The geometry of the allowance bar."""

from hypothesis import given
from hypothesis import strategies as st

from workorders.wording.gauge import Allowance, draw_gauge

amounts = st.integers(0, 10**13)


def allowance(allotted=26_000_000, capped=(4_000_000, 1_000_000), other=21_000_000, **words):
    return Allowance(
        allotted=allotted,
        capped=capped,
        other=other,
        ceiling=words.pop("ceiling", 5_200_000),
        ceiling_caption=words.pop("caption", "Ceiling for credits and custom: €52,000"),
        capped_captions=words.pop(
            "left", ("€50,000 capped use", "96 % of the ceiling, €2,000 free")
        ),
        other_captions=words.pop("right", ("€210,000 other services", "allotment €260,000")),
    )


def test_the_bar_stands_for_the_allotment():
    gauge = draw_gauge(allowance())

    assert [(r.colour, r.x, r.width) for r in gauge.rects] == [
        ("f-track", 10.0, 580.0),
        ("f-ink2", 10.0, 88.2),
        ("f-ink2", 99.2, 21.3),
        ("f-term", 121.5, 468.5),
    ]
    assert [line.path for line in gauge.lines] == ["M126.0 18V68.0"]


def test_a_commitment_beyond_the_allotment_stays_in_the_picture():
    gauge = draw_gauge(allowance(allotted=10_000_000))

    assert max(rect.x + rect.width for rect in gauge.rects) <= 590.1


def test_without_an_allotment_the_bar_is_empty():
    gauge = draw_gauge(allowance(allotted=0, capped=(0, 0), other=0, ceiling=0))

    assert [rect.colour for rect in gauge.rects] == ["f-track"]


def test_a_ceiling_of_the_whole_allotment_has_its_caption_at_the_left_of_the_mark():
    gauge = draw_gauge(allowance(allotted=100, capped=(50,), other=50, ceiling=100))

    assert [(w.x, w.style) for w in gauge.words if w.text.startswith("Ceiling")] == [
        (584.0, "t-s t-e")
    ]


def test_captions_that_would_touch_stand_one_below_the_other():
    gauge = draw_gauge(allowance(left=("x" * 60, ""), right=("y" * 60, "")))

    assert sorted({words.y for words in gauge.words}) == [22, 78, 94, 110, 126]
    assert gauge.height == 136


@given(allotted=amounts, points=amounts, custom=amounts, other=amounts, ceiling=amounts)
def test_everything_lies_within_the_picture(allotted, points, custom, other, ceiling):
    gauge = draw_gauge(allowance(allotted, (points, custom), other, ceiling=ceiling))

    for rect in gauge.rects:
        assert rect.x >= 9.9
        assert rect.x + rect.width <= 590.2
    for words in gauge.words:
        assert words.reach[0] >= 10
        assert words.reach[1] <= 590
