from pellucid.report.pages import page_templates


def test_pages_share_one_head_and_one_style():
    head = page_templates("pellucid.lab", css=".own {}").get_template("head.html").render(title="A < B")
    assert "<title>A &lt; B</title>" in head
    assert "default-src 'none'" in head  # nothing is loaded from anywhere
    assert head.index("body {") < head.index(".own {}")


def test_a_package_has_its_own_templates_too():
    assert page_templates("pellucid.examiner").get_template("marks.html").name == "marks.html"
