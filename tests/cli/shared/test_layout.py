from pellucid.cli.shared.layout import columns_of, labelled, printable, table, wrapped


def test_wrapping_keeps_words_whole():
    assert wrapped("Adadelta(learning_rate=1.0) and more", 10) == "Adadelta(learning_rate=1.0)\nand more"


def test_labels_stand_in_one_column():
    assert labelled([("a", "one"), ("longer", "two")], 80) == "a       one\nlonger  two"
    assert labelled([], 80) == ""


def test_columns_of_any_script():
    assert columns_of("e\u0301") == 1
    lines = table(["class", "n"], [["猫", "1"], ["cat", "22"]], "lr").splitlines()
    assert [columns_of(line) for line in lines] == [9, 9, 9]


def test_printable_keeps_letters_of_any_script():
    assert printable("наше фото 猫.png") == "наше фото 猫.png"
    assert printable("a\tb\r") == "a\\tb\\r"
