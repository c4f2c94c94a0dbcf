"""What is sent, to whom, and what comes back.

`matchmaker.campaigns.answers`  replies, bounces and unsubscriptions of a wave, brought to its plan

Nothing here sends anything.
"""
