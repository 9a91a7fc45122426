"""From pictures to what they say: finding the drawing, bringing it into form, recognising it."""
