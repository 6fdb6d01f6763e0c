"""Names in every script in use meet their Latin spellings, each way they are read."""

from __future__ import annotations

import pytest

from foedus.screening import Record, compare
from foedus.screening.names import GUESSED, parse
from foedus.screening.spelling import PINYIN
from foedus.screening.tables import syllables
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
    ("مُحَمَّد بْن خَالِد", "Muhammad bin Khalid"),
    ("محـــمد صالح", "Mohammed Saleh"),
    ("בִּנְיָמִין נְתַנְיָהוּ", "Benjamin Netanyahu"),
    ("נתן כהן", "Nathan Cohen"),
    ("नरेन्द्र मोदी", "Narendra Modi"),
    ("दाऊद इब्राहिम", "Daud Ibrahim"),
    ("Никита Хрущёв", "Nikita Chruschtschow"),
    ("Михаил Горбачёв", "Michail Gorbatschow"),
    ("Антон Чехов", "Anton Tchekhov"),
    ("Антон Чехов", "Anton Čehov"),
    ("Војислав Шешељ", "Vojislav Šešelj"),
    ("Jürgen Müller", "Juergen Mueller"),
    ("毛泽东", "Mao Tse-tung"),
    ("Deng Xiaoping", "TENG, Hsiao-p'ing"),
    ("Ch’en Kuang-ch’eng", "Guangcheng Chen"),
    ("جلال الدين حقاني", "Jalaluddin Haqqani"),
    ("جلال‌الدین حقانی", "Jalaluddin Haqqani"),
    ("منير المتصدق", "Mounir el Motassadeq"),
    ("ایوب بشیر", "Ayyub Bashir"),
    ("ثناء اللہ غفاری", "Sanaullah Ghafari"),
    ("عبد القدوس مظهری", "Abdul Quddus Mazhari"),
    ("محمد ابوحسن القذافي", "Mohammed Abu Hasan Gaddafi"),
    ("محمد قالیباف", "Mohammad Ghalibaf"),
    ("Си Цзиньпин", "Xi Jinping"),
    ("Сі Цзіньпін", "Xi Jinping"),
    ("Дэн Сяопин", "鄧小平"),
    ("梁振英", "Leung Chun Ying"),
    ("陳國基", "Chan Kwok-ki"),
    ("박봉주", "Pak Pong-ju"),
    ("Сбербанк России", "Sberbank of Russia"),
    ("Ким Чен Ын", "Kim Jong Un"),
    ("Ким Ё Чжон", "Kim Yo Jong"),
    ("Чхве Рён Хэ", "CHOE, Ryong Hae"),
    ("金正恩", "Kim Jong Un"),
    ("朴槿惠", "Park Geun-hye"),
    ("安倍晋三", "Abe Shinzo"),
    ("小泉 純一郎", "Junichiro Koizumi"),
    ("Дзюнъитиро Коидзуми", "Junichiro Koizumi"),
    ("あべ しんぞう", "Shinzo Abe"),
    ("ショウコウ アサハラ", "Shoko Asahara"),
    ("林鄭月娥", "Carrie LAM Cheng Yuet-ngor"),
    ("Ch'en Ch'uan-kuo", "Chen Quanguo"),
    ("Ch’en Ch’üan-kuo", "陈全国"),
    ("Yi Myŏng-bak", "Lee Myung-bak"),
    ("大连海昌航运有限公司", "Dalian Haichang Shipping Co., Ltd."),
    ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
    ("조선광업개발무역회사", "Korea Mining Development Trading Corporation"),
    ("Торговый дом «Волга»", "Trading House Volga"),
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
    ("Maria Fernandez", "Mario Fernandez"),
    ("Karim Benzema", "Karima Benzema"),
    ("Khalid al-Habib", "Khalil al-Habib"),
    ("Abdul Wahab Nur", "Abdul Wahid Nur"),
    ("Chen Xiaofeng", "Chen Xiaodong"),
    ("Zhang Wei", "Zheng Wei"),
    ("Xi Jinping", "Xi Jianping Yu"),
    ("Mamed Gurban oglu Aliyev", "Gurban Mamed oglu Aliyev"),
    ("Neptune I", "Neptune II"),
    ("V. A. Petrov", "Vladimir Sergeevich Petrov"),
    ("9th Brigade", "19th Brigade"),
    ("ПрАТ Енергія", "ТОВ Енергія"),
    ("Tsang Kwok Wai", "Tsang Kwok Fai"),
    ("Liang Zhenying", "Leung Chun Kwok"),
    ("Kim Yeo Jeong", "Kim Yo Han"),
    ("Nguyen Van Minh", "Nguyen Van Manh"),
    ("Carlos Hernandez", "Carlos Fernandez"),
    ("Goran Petrovic", "Zoran Petrovic"),
    ("Rahim Ahmad", "Rahim Ahmadi"),
    ("Alexander Schilin", "Alexander Shishkin"),
    ("NPO Almaz", "NPO Altair"),
    ("Sea Star", "Sea Star 7"),
    ("Fondo Delta", "Fondo Delta 3"),
    ("Grace One", "Grace Two"),
    ("Chen Gang", "Cheng Gang"),
    ("Zhao Kezhi", "Zhao Keshi"),
    ("Saeed Jalili", "Saeed Jalali"),
    ("Andrea Moretti", "Andrea Morelli"),
    ("Eighth Ocean GmbH", "Eleventh Ocean GmbH"),
    ("ANO Vestnik", "ООО Вестник"),
    ("Squadron Thirty-Two", "Squadron Thirty-Three"),
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
    ("Kontinent PrJSC", "ЧАО Континент"),
    ("Jalal al-Din Haqqani", "Jalaluddin Haqqani"),
    ("Nour Eddine Bensalah", "Nur al-Din Bensalah"),
    ("Noureddine Bensalah", "Nuruddin Bensalah"),
    ("Ismail Haniyeh", "Ismail Haniyya"),
    ("Fatimah Alzahra", "Fatima al-Zahra"),
    ("0leg Deripaska", "Oleg Deripaska"),
    ("lgor Sechin", "Igor Sechin"),
    ("Viktor Vekse1berg", "Viktor Vekselberg"),
    ("M/T FORTUNE", "Fortune"),
    ("MV Ocean Star", "OCEAN STAR"),
    ("Vega II", "Vega 2"),
    ("9th Brigade", "Brigade 9"),
    ("V. V. Putin", "Vladimir Vladimirovich Putin"),
    ("Joe Biden", "Joseph Biden"),
    ("Pepe Mujica", "José Mujica"),
    ("Sasha Ivanchenko", "Oleksandr Ivanchenko"),
    ("Wladimir Schirinowski", "Vladimir Jirinovski"),
    ("Andrei Jdanov", "Andrei Zhdanov"),
    ("Alexander Schilin", "Aleksandr Zhilin"),
    ("Gennadi Sjuganow", "Gennady Zyuganov"),
    ("Alexandre Loukachenko", "Aliaksandr Lukashenka"),
    ("Taras Chevtchenko", "Taras Shevchenko"),
    ("Iouri Narychkine", "Yuri Naryshkin"),
    ("Aleksandr Szczerbakow", "Alexander Shcherbakov"),
    ("Jurij Kowalczuk", "Yuri Kovalchuk"),
    ("Maria Zacharowa", "Maria Zakharova"),
    ("Oleksandr Schtscherba", "Oleksandr Shcherba"),
    ("Hassan Nasr Allah", "Hassan Nasrullah"),
    ("Mao Tse Tung", "Mao Zedong"),
    ("Hsi Chin-ping", "Xi Jinping"),
    ("Leung Chun Ying", "Liang Zhenying"),
    ("LAM Cheng Yuet-ngor", "Lin Zheng Yue'e"),
    ("John Lee Ka-chiu", "John Li Jiachao"),
    ("Kim Yeo Jeong", "Kim Yo Jong"),
    ("Lee Byung-chul", "RI, Pyong Chol"),
    ("Scientific Production Association Almaz", "НПО Алмаз"),
    ("Foreign Trade Bank of the Democratic People's Republic of Korea", "Foreign Trade Bank of DPRK"),
    ("ЧВК Вагнер", "Private Military Company Wagner"),
    ("Johnson Bros Inc.", "Johnson Brothers Incorporated"),
    ("Ayatollah Mohammad Yazdi", "Mohammad Yazdi"),
    ("Anders Dale", "Anders Cameroon Ostensvig Dale"),
    ("Grace One", "GRACE 1"),
    ("Ma. Guadalupe Rojas", "Maria Guadalupe Rojas"),
    ("Aisha bent Omar", "Aicha bint Omar"),
    ("Ivan Slizheuski", "Ivan Slizhevsky"),
    ("Military Unit 26165", "в/ч 26165"),
    ("Squadron Thirty-Two", "Squadron 32"),
    ("2nd Harbour Bank", "Second Harbour Bank"),
    ("secnod Harbour Bank", "Second Harbour Bank"),
    ("Viktors Orlovs", "Viktor Orlov"),
    ("Societatea cu răspundere limitată Delta Lemn", "SRL Delta Lemn"),
    ("Ser9ei Ivanchenko", "Sergei Ivanchenko"),
    ("Samirabd al-Aziz AL-NAJIM", "AL-NAJIM, Samir abd al-Aziz"),
    ("Hamzabin LADEN", "BIN LADEN, Hamza"),
    ("DIN Mustafa BADR AL", "BADR AL DIN, Mustafa"),
    ("quanugo CHEN", "CHEN, Quanguo"),
    ("Comercial Claridad i Cia.", "COMERCIAL CLARIDAD Y CIA."),
    ("Monsieur Paul Renard", "Paul Renard"),
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
    assert [name.words for name in parse("김정은")] == [("kim", "jeongeun"), ("kim", "chongun"), ("kim", "jongun")]


def test_a_mark_beside_a_letter_ends_no_word():
    assert [name.words for name in parse("दाऊद इब्राहिम")] == [("daud", "ibrahim")]
    assert [name.words for name in parse("مُحَمَّد")] == [name.words for name in parse("محمد")]
    assert [name.words for name in parse("Z̵̢̛a̶͎l̴g̷o")] == [("zalgo",)]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("TENG, Hsiao-p'ing", ["deng xiaoping"]),
        ("Teng Hsiao-ping", ["deng xiaobing", "deng xiaoping"]),
        ("En-lai Chou", ["zhou enlai"]),
        ("Mao Tse Tung", ["mao zedong", "mao zetong", "mao cedong", "mao cetong"]),
        ("Kim Jong-un", []),
        ("Jean-Luc Picard", []),
        ("Li Wei Min", []),
        ("Chan Kwok Ki", ["chen guoqi", "chen guoji"]),
        ("Kwok Ki, CHAN", ["chen guoqi", "chen guoji"]),
        ("Lee Young Chul", ["ri yong chol"]),
        ("Park Kunhye", ["pak kunhye"]),
        ("Kim Jong Un", []),
        ("Kim Smith", []),
        ("Carrie Lam Cheng Yuet-ngor", ["carrie lin zheng yuee"]),
        ("José Luis", []),
    ],
)
def test_a_name_of_the_east_is_read_as_it_is_also_written(name, read):
    assert [" ".join(one.words) for one in parse(name)][1:] == read


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Ким Чонын", ["kim jongun", "kim jonun"]),
        ("Хон Ён Чхиль", ["hong yongchil", "hong yonchil"]),
        ("О Гык Рёль", ["o kukryol"]),
        ("Пак Кын Хе", ["pak kunhye"]),
        ("Мун Чжэ Ин", ["mun jaein"]),
        ("Ли Владимир", []),
        ("Ким", []),
        ("金正恩", ["kim jongun"]),
        ("王毅", []),
        ("佐々木隆", ["takashi sasaki"]),
        ("山口健一", ["kenichi yamaguchi", "kenkazu yamaguchi", "takeichi yamaguchi", "takekazu yamaguchi"]),
        ("山口組", []),
        ("Синдзо Абэ", ["shinzo abe"]),
        ("Владимир Путин", []),
    ],
)
def test_a_name_of_korea_or_japan_is_read_as_it_is_said_there(name, read):
    assert [" ".join(one.words) for one in parse(name)][: len(read)] == read
    plain = len(parse(name)) - len(read)
    assert plain == sum(one.way != GUESSED for one in parse(name)[len(read) :])


@pytest.mark.parametrize(
    ("word", "read"),
    [("しゃちょう", "shacho"), ("はっとり", "hattori"), ("ジュン", "jun"), ("ティファ", "tifa"), ("イトー", "ito")],
)
def test_kana_are_read_after_hepburn(word, read):
    assert parse(word)[0].words == (read,)


def test_a_number_that_one_name_has_alone_speaks_against_it_and_less_than_another_number():
    same, alone, other = (
        compare(record("Vega Trading 3"), record(name)).score
        for name in ("VEGA TRADING 3", "Vega Trading", "Vega Trading 4")
    )
    assert same > alone > other


def test_a_ship_with_a_number_of_one_stroke_is_another_and_a_person_with_that_letter_is_not():
    assert not compare(record("Harbour Fund", kind="vessel"), record("Harbour Fund I", kind="vessel")).match
    assert compare(record("Petr Ivanov", kind="person"), record("Petr Ivanov I", kind="person")).match
    assert compare(
        record("Ganadera Cuemir", kind="organisation"), record("Ganadera Cuemir R.I.", kind="organisation")
    ).match


def test_a_syllable_of_another_romanisation_has_its_pinyin():
    for section in ("cantonese family", "cantonese given", "taiwan family", "peking family"):
        for pinyin in syllables(section).values():
            assert all(PINYIN.fullmatch(one) or one[0] in "aeo" for one in pinyin)


def test_two_readings_that_are_guesses_do_not_meet():
    wai, fai = (parse(name) for name in ("Chan Kwok Wai", "Chan Kwok Fai"))
    assert {name.words for name in wai} & {name.words for name in fai}
    assert {name.way for name in (*wai[1:], *fai[1:])} == {GUESSED}
    assert not compare(record("Chan Kwok Wai"), record("Chan Kwok Fai")).match


@pytest.mark.parametrize(
    ("word", "read"),
    [("0leg", "oleg"), ("su1eyman", "suleyman"), ("sector5", "sector5"), ("12th", "12"), ("5043a", "5043a")],
)
def test_a_digit_is_a_letter_only_where_a_scanner_takes_it_for_one(word, read):
    (name,) = parse(f"{word} company x")
    assert name.words[0] == read


def test_two_middle_names_left_out_cost_more_than_twice_one():
    whole, one, two = (
        1.0
        - compare(record("Anders Dale", kind="person"), record(f"Anders {middle} Dale", kind="person"))
        .reasons[0]
        .points
        for middle in ("", "Cameroon", "Cameroon Ostensvig")
    )
    assert whole == 0.0
    assert two > 2 * one


LIMITED = """ООО ТОВ LLC L.L.C. Ltd GmbH SARL S.r.l. s.r.o. d.o.o. Kft. B.V. Lda UAB SIA OÜ EOOD FZE ТОО ТзОВ МЧЖ MMC
W.L.L. Sh.p.k. ΕΠΕ בע"מ ذ.م.م შპს ՍՊԸ 有限公司 合同会社 유한회사"""
STOCK = """АО ПАО ОАО ЗАО ЧАО АТ ПАТ ПрАТ ЗАТ JSC P.J.S.C. O.J.S.C. PrJSC AG S.A. S.p.A. N.V. AB ASA Oyj a.s. A.Ş.
d.d. Zrt. PLC K.S.C. B.S.C. S.A.E. Tbk Berhad Α.Ε. ش.م.ل სს ԲԲԸ 股份有限公司 株式会社 주식회사 ㈱"""


@pytest.mark.parametrize(
    ("form", "as_one", "as_two"),
    [*((one, "LLC", "JSC") for one in LIMITED.split()), *((one, "JSC", "LLC") for one in STOCK.split())],
)
def test_a_legal_form_says_the_same_in_any_language(form, as_one, as_two):
    """In each language where a form stands: the same body under the same class, another under the other."""
    body = Record("1", (f"Kaskad Vostok {form}",), "organisation")
    assert compare(body, Record("2", (f"Kaskad Vostok {as_one}",), "organisation")).score > 0.95
    apart = compare(body, Record("2", (f"Kaskad Vostok {as_two}",), "organisation"))
    assert not apart.match
    assert "form" in {reason.code for reason in apart.reasons}
