"""What can be read of questions 1 to 19, from text alone: nothing of a student's code is run for it.

``networks.py`` follows the code and finds the Keras networks in it; ``comparing.py`` compares them with the
lab's recipes; ``console.py`` and ``histories.py`` read what training printed or saved; ``prose.py`` finds the
student's text for each question; ``reading.py`` puts all of it together and proposes points.
"""
