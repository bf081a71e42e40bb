import pytest

from labgrader.reporting.particles import PAIRS, with_particle


@pytest.mark.parametrize(
    ("word", "fitting"),
    [
        # Hangul: the syllable says it.
        ("파드", "파드는 파드가 파드를 파드와 파드로"),
        ("노드 풀", "노드 풀은 노드 풀이 노드 풀을 노드 풀과 노드 풀로"),
        ("레플리카셋", "레플리카셋은 레플리카셋이 레플리카셋을 레플리카셋과 레플리카셋으로"),
        # Latin words, as they are read in Korean.
        ("web", "web은 web이 web을 web과 web으로"),
        ("nginx", "nginx는 nginx가 nginx를 nginx와 nginx로"),
        ("app", "app은 app이 app을 app과 app으로"),
        ("label", "label은 label이 label을 label과 label로"),
        ("mysql", "mysql은 mysql이 mysql을 mysql과 mysql로"),
        ("kim", "kim은 kim이 kim을 kim과 kim으로"),
        ("park", "park는 park가 park를 park와 park로"),
        ("lee", "lee는 lee가 lee를 lee와 lee로"),
        # Digits, by their names.
        ("8080", "8080은 8080이 8080을 8080과 8080으로"),
        ("81", "81은 81이 81을 81과 81로"),
        ("web-2", "web-2는 web-2가 web-2를 web-2와 web-2로"),
    ],
)
def test_each_particle_fits_the_word(word: str, fitting: str) -> None:
    assert " ".join(with_particle(word, pair) for pair in PAIRS) == fitting


@pytest.mark.parametrize(
    ("word", "closed"),
    [
        ("server", False),
        ("redis", False),
        ("service", False),
        ("image", False),
        ("cache", False),
        ("name", True),
        ("volume", True),
        ("file", True),
        ("config", False),
        ("string", True),
        ("task", False),
        ("test", False),
        ("port", False),
        ("job", True),
        ("stack", True),
        ("secret", True),
        ("root", False),
        ("public", True),
        # Abbreviations are spelled out.
        ("http", False),
        ("HTTP", False),
        ("API", False),
        ("URL", True),
        ("DNS", False),
        ("vm", True),
        # File names and images end as their last word does.
        ("app.yaml", True),
        ("main.py", False),
        ("run.sh", False),
        ("nginx:1.27", True),
        ("wbe:9", False),
        ("registry.example.com/team/app", True),
        # Quotes and punctuation are silent, what stands in brackets is not read.
        ('"web"', True),
        ("`nginx`", False),
        ("web (Pod)", True),
        ("nginx(앱)", False),
        ("(web)", True),
        ("파드…", False),
        ("", False),
        ("***", False),
        # Every digit.
        *((digit, digit in "013678") for digit in "0123456789"),
    ],
)
def test_the_last_sound_decides(word: str, *, closed: bool) -> None:
    assert with_particle(word, "은/는") == word + ("은" if closed else "는")


@pytest.mark.parametrize("word", ["1", "7", "8", "label", "file", "URL", "쌀", "role"])
def test_rieul_takes_the_short_form_of_direction(word: str) -> None:
    assert with_particle(word, "으로/로") == f"{word}로"
    assert with_particle(word, "이/가") == f"{word}이"


def test_a_pair_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="은/를"):
        with_particle("web", "은/를")
