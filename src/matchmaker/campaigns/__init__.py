"""What is sent, to whom, and what comes back: from the lists of a run to the messages of a wave.

`matchmaker.campaigns.mail`      the plan: every message, block and line
`matchmaker.campaigns.tool_file` the plan as the file of a mailing tool
`matchmaker.campaigns.letter`    the plan as mails to look at
`matchmaker.campaigns.folder`    all of it in one folder; what was sent
`matchmaker.campaigns.answers`   replies, bounces and unsubscriptions of a wave, brought to its plan

Nothing here sends anything.
"""
