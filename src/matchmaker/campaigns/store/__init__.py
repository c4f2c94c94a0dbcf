"""What a campaign has sent, kept where several regions write at once: SQLite, or PostgreSQL by URL.

`matchmaker.campaigns.store.schema`    the tables, all their columns, what may not stand in them
`matchmaker.campaigns.store.opening`   opening a store; one transaction; migrations in `versions`
`matchmaker.campaigns.store.exposure`  places reserved and lines recorded, in one transaction
`matchmaker.campaigns.store.states`    written, answered, bounced, released: what frees a place
`matchmaker.campaigns.store.records`   words of advisers, contracts, oppositions
`matchmaker.campaigns.store.log`       the log of what was done, chained
`matchmaker.campaigns.store.forgetting` one youth taken out, the chain still whole
`matchmaker.campaigns.store.exchange`  a store as files, and back

No name and no address lies in it.
"""
