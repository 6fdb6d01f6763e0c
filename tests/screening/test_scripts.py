"""Names in every script in use meet their Latin spellings, each way they are read."""

from __future__ import annotations

import pytest

from foedus.screening import compare
from foedus.screening.names import parse
from tests.screening.named import record

SAME = (
    ("Володимир Зеленський", "Volodymyr Zelenskyy"),
    ("Владимир Зеленский", "Volodymyr Zelensky"),
    ("Олексій Гончаренко", "Oleksiy Honcharenko"),
    ("Алексей Гончаренко", "Aleksei Goncharenko"),
    ("Щербаков Юрий", "Yuri Shcherbakov"),
    ("Хрущёв Никита", "Nikita Khrushchev"),
    ("محمد صالح", "Mohammed Saleh"),
    ("حسن نصر الله", "Hassan Nasrallah"),
    ("عبد الرحمن خالد", "Abdul Rahman Khaled"),
    ("毛泽东", "Mao Zedong"),
    ("习近平", "Xi Jinping"),
    ("김정은", "Kim Jong Un"),
    ("박근혜", "Park Geun-hye"),
    ("さくら", "Sakura"),
    ("בנימין נתניהו", "Binyamin Netanyahu"),
    ("გიორგი მარგველაშვილი", "Giorgi Margvelashvili"),
    ("Սերժ Սարգսյան", "Serzh Sargsyan"),
    ("Αλέξης Τσίπρας", "Alexis Tsipras"),
    ("Jürgen Müller", "Jurgen Muller"),
    ("José Ñúñez", "JOSE NUNEZ"),
    ("Łukasz Żółć", "Lukasz Zolc"),
    ("ＡＢＣ Ｔｒａｄｉｎｇ", "ABC Trading"),
)
DIFFERENT = (
    ("Abdullah bin Omar", "Omar bin Abdullah"),
    ("Ivan Petrov", "Igor Petrov"),
    ("Ivan Sergeevich Petrov", "Igor Sergeevich Petrov"),
    ("Saddam Hussein", "Sajida Hussein"),
    ("Romashka LLC", "ПАО Ромашка"),
    ("Factory 12", "Factory 21"),
    ("Sea Star 1", "Sea Star 2"),
    ("Putin", "Vladimir Putin"),
)
ALSO_SAME = (
    ("V. Putin", "Vladimir Putin"),
    ("Vladimir Putin", "PUTIN, Vladimir Vladimirovich"),
    ("Ali Alhouthi", "Ali al-Houthi"),
    ("Abd al-Rahman Khalid", "Abdurrahman Khaled"),
    ("KIM SKO CHOL", "KIM SOK CHOL"),
    ("CHANG MYONGC-HIN", "CHANG MYONG-CHIN"),
    ("HAN YYU-RO", "HAN YU-RO"),
    ("Barac Obamt", "Barack Obama"),
    ("Bob Smith", "Robert Smith"),
    ("HADI Abdul", "HADI, Abdul"),
    ("RAHMAN Wael Muhammed ABDUL", "ABDUL RAHMAN, Wael Muhammed"),
    ("AL-GHAFAR Sundus ABD", "ABD AL-GHAFAR, Sundus"),
    ("nna Vladimirovna OLEXINA", "OLEXINA, Inna Vladimirovna"),
    ("zhoa Wei Narcotics Group", "ZHAO WEI NARCOTICS GROUP"),
    ("POUYA TAMIN kiyh", "POUYA TAMIN KISH"),
    ("Romashka LLC", "ООО «Ромашка»"),
    ("Romashka", "Limited Liability Company Romashka"),
    ("Kontinent J.S.C.", "Акционерное общество Континент"),
)


@pytest.mark.parametrize(("one", "other"), [*SAME, *ALSO_SAME])
def test_these_are_one_name(one, other):
    match = compare(record(one), record(other))
    assert match.match, [(reason.code, reason.points) for reason in match.reasons]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_these_are_two(one, other):
    match = compare(record(one), record(other))
    assert not match.match, [(reason.code, reason.points) for reason in match.reasons]


def test_what_is_not_told_apart_is_read_each_way():
    assert {name.words for name in parse("Гончаренко")} == {("goncharenko",), ("honcharenko",)}
    assert [name.words for name in parse("김정은")] == [("kim", "jeongeun"), ("kim", "chongun")]
