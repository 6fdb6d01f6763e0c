"""The words that are read back on the telephone: 256 in each language, one number one thing in both.

Plain things of a house, a field and a road; none is a word of command, and none is said of a person. Whoever hears one
in either language finds its number; no number follows from how a word is spelt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_PAIRS = """
apple яблуко|anchor якір|arch арка|arrow стріла|ash ясен|autumn осінь|axe сокира|badger борсук|bag сумка
bakery пекарня|balcony балкон|ball м’яч|barn комора|barrel бочка|basket кошик|beach пляж|bear ведмідь|beaver бобер
beech бук|bell дзвін|belt пояс|bench лавка|berry ягода|bicycle велосипед|birch береза|bird птах|blanket ковдра
book книга|boot чобіт|bottle пляшка|bowl миска|branch гілка|bread хліб|brick цегла|bridge міст|brook струмок
broom мітла|bucket відро|bush кущ|butter масло|butterfly метелик|button ґудзик|cabbage капуста|cake торт|camel верблюд
candle свічка|canvas полотно|carrot морква|cart віз|castle замок|cat кіт|cave печера|chain ланцюг|chair стілець
chalk крейда|cheese сир|cherry вишня|chess шахи|chestnut каштан|chimney димар|cinema кіно|clay глина|cliff скеля
cloud хмара|clover конюшина|coast узбережжя|coffee кава|coin монета|copper мідь|cotton бавовна|cow корова
crane журавель|cream сметана|cucumber огірок|cup чашка|curtain завіса|daisy ромашка|dance танець|dawn світанок
desert пустеля|dew роса|dolphin дельфін|donkey віслюк|door двері|dove голуб|dragonfly бабка|drawer шухляда|dress сукня
drum барабан|duck качка|dust пил|eagle орел|egg яйце|elk лось|engine двигун|falcon сокіл|farm ферма|feather перо
fence паркан|fern папороть|ferry пором|field поле|fish риба|flag прапор|flax льон|flower квітка|flute флейта|foam піна
fog туман|forest ліс|fork виделка|fountain фонтан|fox лисиця|frog жаба|frost мороз|garden сад|garlic часник|gate брама
ginger імбир|glass скло|glove рукавичка|glue клей|gold золото|goose гуска|grape виноград|grass трава|guitar гітара
hail град|hammer молоток|harbour гавань|harvest жнива|hat капелюх|hawk яструб|hedgehog їжак|heron чапля|honey мед
horse кінь|hotel готель|ice лід|iron залізо|island острів|ivy плющ|jacket піджак|jug глечик|kettle чайник
kitchen кухня|knot вузол|ladder драбина|lake озеро|lamp лампа|lemon лимон|letter лист|library бібліотека|lily лілія
lion лев|lizard ящірка|lynx рись|magpie сорока|map мапа|maple клен|marble мармур|market ринок|meadow лука|melon диня
mill млин|milk молоко|mirror дзеркало|moon місяць|mountain гора|mushroom гриб|mustard гірчиця|needle голка|nest гніздо
net сітка|north північ|nut горіх|oak дуб|oats овес|onion цибуля|orange апельсин|otter видра|oven піч|paint фарба
paper папір|parsley петрушка|peach персик|pearl перлина|pencil олівець|pepper перець|piano піаніно|pillow подушка
pine сосна|plough плуг|plum слива|pond ставок|poppy мак|potato картопля|pumpkin гарбуз|raven крук|ribbon стрічка
ring каблучка|river річка|root корінь|rose троянда|saddle сідло|salt сіль|shadow тінь|sheep вівця|shell мушля
shoe черевик|silver срібло|snail равлик|snow сніг|soap мило|sparrow горобець|spoon ложка|spring весна|squirrel білка
star зірка|stone камінь|stork лелека|straw солома|street вулиця|sugar цукор|summer літо|sun сонце|swallow ластівка
swan лебідь|table стіл|thread нитка|thunder грім|ticket квиток|tiger тигр|tomato помідор|tower вежа|train потяг
tray таця|trout форель|tulip тюльпан|turtle черепаха|umbrella парасоля|valley долина|village село|violin скрипка
wagon вагон|wave хвиля|wax віск|whale кит|wheat пшениця|willow верба|wind вітер|window вікно|winter зима|wolf вовк
wool вовна|zebra зебра
"""
WORDS: dict[str, tuple[str, ...]] = {
    language: tuple(pair.split(" ")[place] for pair in re.split(r"[|\n]", _PAIRS.strip()))
    for place, language in enumerate(("en", "uk"))
}
_NUMBERS = {word: number for words in WORDS.values() for number, word in enumerate(words)}


def spoken(numbers: Iterable[int], language: str) -> str:
    """The words of these numbers, in the order in which they are read."""
    return " ".join(WORDS[language][number] for number in numbers)


def numbers_of(said: str) -> tuple[int, ...] | None:
    """The numbers of words as they were heard, in either language, or both; None where one is no word of the lists."""
    words = re.sub(r"['`\N{MODIFIER LETTER APOSTROPHE}]", "\N{RIGHT SINGLE QUOTATION MARK}", said.lower())
    found = [_NUMBERS.get(word) for word in re.findall(r"[\w\N{RIGHT SINGLE QUOTATION MARK}]+", words)]
    return tuple(one for one in found if one is not None) if None not in found else None
