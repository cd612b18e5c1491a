"""What a recording talks about, and from when to when; pure.

In reading order: `find` joins the steps; `words` makes stems, `places` finds where a topic may
begin, `segment` splits, `count` chooses how many, `boundaries` settles, `titles` names; `chapters`
writes the result in the formats players read.
"""
