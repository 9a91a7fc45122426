def test_a_workbook_can_be_checked_at_once(pellucid):
    made = pellucid("workbook", "work")
    assert made.exit_code == 0
    assert "see how far you are with: pellucid check work/lowlevel.py" in made.stdout
    checked = pellucid("check", "work/lowlevel.py")
    assert checked.exit_code == 0
    assert "0 of 19 points, 0 of 15 bonus points" in checked.stdout
    assert pellucid("workbook", "work").exit_code == 4
