"""Texts of every kind, for properties that hold for any."""

from __future__ import annotations

from hypothesis import strategies as st

IBAN = "FR76 3000 6000 0112 3456 7890 189"
CARD = "4242 4242 4242 4242"
ODD = {
    "emoji before and behind": "\U0001f600\U0001f4b3 send 50 euros to Paul \U0001f600",
    "an emoji family": "\U0001f468\u200d\U0001f469\u200d\U0001f467 pays $12.50 yesterday",
    "emoji between digits": "4242\U0001f6004242 4242 4242",
    "combining accents": "envoie 50 € a\u0300 Ame\u0301lie le 3 fe\u0301vrier",
    "stacked accents": "P" + "\u0301\u0327\u0308" * 50 + "aul owes me 20 bucks",
    "lone accents": "\u0301\u0301 \u0301",
    "right to left": "\u0623\u0631\u0633\u0644 50 \u064a\u0648\u0631\u0648 \u0625\u0644\u0649 \u0645\u0631\u064a\u0645",
    "turned text": "\u202esend 50 euros\u202c to Paul",
    "Arabic digits": "send \u0665\u0660 euros, card \u0664\u0662\u0664\u0662 \u0664\u0662\u0664\u0662",
    "full-width digits": "send \uff15\uff10 euros, +\uff13\uff13 \uff16 \uff11\uff12 34 56 78, \uff14\uff12%",
    "superscripts": "5\u00b2 euros, \u00bd %, \u2460 dollar, card 4\u00b242",
    "NUL": "\x00",
    "NUL among words": "send\x0050\x00euros to\x00Paul",
    "newlines": "send\n50 euros\r\nto\u2028Paul\n\n" + IBAN.replace(" ", "\n"),
    "spaces": "   \t\n \u00a0\u2009\u202f ",
    "zero width": "\u200b5\u200b0\u200b \u200beuros\ufeff",
    "soft hyphens": "se\u00adnd 5\u00ad0 eu\u00adros to Pa\u00adul",
    "marks of the tokenizer": "[CLS] [SEP] 50 euros [PAD] [MASK] [UNK] ##ing",
    "Chinese": "\u7ed9\u674e\u660e\u8f6c50\u6b27\u5143",
    "sharp s and ligatures": "STRASSE \u00df \ufb01ve euros \u0130stanbul",
    "one letter": "a",
    "private use": "\ue000\U000f0000 50 euros \U0010ffff",
    "a word of 5,000 letters": "a" * 5000,
    "5,000 emoji": "\U0001f4b6" * 5000,
    "5,000 accents": "\u0301" * 5000,
    "5,000 digits": "1" * 5000,
    "groups of digits": "1 " + "111 " * 1249,
    "5,000 brackets": "(" * 5000,
    "numbers and slashes": "1/" * 2500,
    "many cards": (CARD + " ") * 250,
    "many IBANs": (IBAN + " ") * 147,
    "half an address over and over": "a@" * 2500,
    "Amazon without end": "Amazon " * 714,
    "millions without end": "2" + " million" * 600,
    "spending without end": "food-" * 1000,
}

_FRAGMENTS = st.sampled_from(
    (
        *("send", "to", "Paul", "Amazon", "50 euros", "$12.50", "yesterday", "le mois dernier", "1 200,50 €", "12/03"),
        *("3.5%", IBAN, IBAN.replace(" ", "")[:-1], CARD, CARD[:-1], "card ending in 4242", "paul@example.com"),
        *("+33 6 12 34 56 78", "06 12 34 56 78", "\u0301", "\U0001f600", "\u200d", "\u202e", "\x00", "\r\n", "\u2028"),
        *("\u0645\u0631\u064a\u0645", "\u00a0", "\u202f", "\ufeff", "$", "€", "%", "@", "+", "(", "-", "\u0130", "['"),
    )
)
ANY_TEXT = st.one_of(
    st.text(min_size=1, max_size=5000),
    st.lists(_FRAGMENTS | st.text(max_size=8), min_size=1, max_size=60).map("".join),
    st.lists(_FRAGMENTS | st.text(max_size=8), min_size=1, max_size=60).map(" ".join),
).filter(bool)
"""Any text the contract takes: scalar values only, 1 to 5,000 of them."""
