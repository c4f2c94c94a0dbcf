CREATE TABLE campaigns (
	"campaign" TEXT NOT NULL, 
	"begun_at" TEXT NOT NULL, 
	"entries" INTEGER NOT NULL, 
	"head" TEXT NOT NULL, 
	PRIMARY KEY ("campaign"), 
	CONSTRAINT campaigns_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("begun_at", '@', '') = "begun_at" AND replace("head", '@', '') = "head")
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE contracts (
	"campaign" TEXT NOT NULL, 
	"youth_id" TEXT NOT NULL, 
	"signed_on" TEXT NOT NULL, 
	"broken_on" TEXT NOT NULL, 
	"siret" TEXT NOT NULL, 
	"diploma_code" TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	"on" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "youth_id", "signed_on", "broken_on", "siret", "diploma_code", "by", "on"), 
	CONSTRAINT contracts_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("youth_id", '@', '') = "youth_id" AND replace("signed_on", '@', '') = "signed_on" AND replace("broken_on", '@', '') = "broken_on" AND replace("siret", '@', '') = "siret" AND replace("diploma_code", '@', '') = "diploma_code" AND replace("by", '@', '') = "by" AND replace("on", '@', '') = "on")
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE exposure (
	"campaign" TEXT NOT NULL, 
	"offer_id" TEXT NOT NULL, 
	"n" INTEGER NOT NULL, 
	"cap" INTEGER NOT NULL, 
	PRIMARY KEY ("campaign", "offer_id"), 
	CONSTRAINT exposure_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("offer_id", '@', '') = "offer_id"), 
	CONSTRAINT exposure_rules CHECK (n >= 0 AND n <= cap)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE forgotten (
	"campaign" TEXT NOT NULL, 
	"offer_id" TEXT NOT NULL, 
	"territory" TEXT NOT NULL, 
	"n" INTEGER NOT NULL, 
	PRIMARY KEY ("campaign", "offer_id", "territory"), 
	CONSTRAINT forgotten_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("offer_id", '@', '') = "offer_id" AND replace("territory", '@', '') = "territory")
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE log (
	"campaign" TEXT NOT NULL, 
	"n" INTEGER NOT NULL, 
	"kind" TEXT NOT NULL, 
	"at" TEXT NOT NULL, 
	"commitment" TEXT NOT NULL, 
	"h" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "n"), 
	CONSTRAINT log_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("kind", '@', '') = "kind" AND replace("at", '@', '') = "at" AND replace("commitment", '@', '') = "commitment" AND replace("h", '@', '') = "h")
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE log_payloads (
	"campaign" TEXT NOT NULL, 
	"n" INTEGER NOT NULL, 
	"youth_id" TEXT NOT NULL, 
	"salt" TEXT NOT NULL, 
	"payload" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "n"), 
	CONSTRAINT log_payloads_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("youth_id", '@', '') = "youth_id" AND replace("salt", '@', '') = "salt")
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE oppositions (
	"campaign" TEXT NOT NULL, 
	"mark" TEXT NOT NULL, 
	"since" TEXT NOT NULL, 
	"source" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "mark"), 
	CONSTRAINT oppositions_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("mark", '@', '') = "mark" AND replace("since", '@', '') = "since" AND replace("source", '@', '') = "source"), 
	CONSTRAINT oppositions_rules CHECK (length(mark) = 64)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE outcomes (
	"campaign" TEXT NOT NULL, 
	"youth_id" TEXT NOT NULL, 
	"offer_id" TEXT NOT NULL, 
	"employer" TEXT NOT NULL, 
	"word" TEXT NOT NULL, 
	"value" TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	"on" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "youth_id", "offer_id", "employer", "word", "value", "by", "on"), 
	CONSTRAINT outcomes_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("youth_id", '@', '') = "youth_id" AND replace("offer_id", '@', '') = "offer_id" AND replace("employer", '@', '') = "employer" AND replace("word", '@', '') = "word" AND replace("value", '@', '') = "value" AND replace("by", '@', '') = "by" AND replace("on", '@', '') = "on"), 
	CONSTRAINT outcomes_rules CHECK (word = 'outcome')
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE quotas (
	"campaign" TEXT NOT NULL, 
	"territory" TEXT NOT NULL, 
	"percent" INTEGER NOT NULL, 
	PRIMARY KEY ("campaign", "territory"), 
	CONSTRAINT quotas_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("territory", '@', '') = "territory"), 
	CONSTRAINT quotas_rules CHECK (percent >= 0 AND percent <= 100)
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE schema_version (
	"part" TEXT NOT NULL, 
	"n" INTEGER NOT NULL, 
	PRIMARY KEY ("part"), 
	CONSTRAINT schema_version_no_address CHECK (replace("part", '@', '') = "part")
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE sent (
	"campaign" TEXT NOT NULL, 
	"youth_id" TEXT NOT NULL, 
	"offer_id" TEXT NOT NULL, 
	"wave" INTEGER NOT NULL, 
	"slot" INTEGER NOT NULL, 
	"sent_at" TEXT NOT NULL, 
	"state" TEXT NOT NULL, 
	"channel" TEXT NOT NULL, 
	"message_id" TEXT NOT NULL, 
	"territory" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "youth_id", "offer_id", "wave"), 
	CONSTRAINT sent_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("youth_id", '@', '') = "youth_id" AND replace("offer_id", '@', '') = "offer_id" AND replace("sent_at", '@', '') = "sent_at" AND replace("state", '@', '') = "state" AND replace("channel", '@', '') = "channel" AND replace("message_id", '@', '') = "message_id" AND replace("territory", '@', '') = "territory"), 
	CONSTRAINT sent_rules CHECK ("state" IN ('opposed', 'bounced', 'released', 'contract', 'answered', 'written', 'planned'))
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE waves (
	"campaign" TEXT NOT NULL, 
	"wave" INTEGER NOT NULL, 
	"territory" TEXT NOT NULL, 
	"run_id" TEXT NOT NULL, 
	"state" TEXT NOT NULL, 
	"reserved_at" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "wave", "territory"), 
	CONSTRAINT waves_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("territory", '@', '') = "territory" AND replace("run_id", '@', '') = "run_id" AND replace("state", '@', '') = "state" AND replace("reserved_at", '@', '') = "reserved_at"), 
	CONSTRAINT waves_rules CHECK ("state" IN ('planned', 'written', 'released'))
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE words (
	"campaign" TEXT NOT NULL, 
	"youth_id" TEXT NOT NULL, 
	"offer_id" TEXT NOT NULL, 
	"employer" TEXT NOT NULL, 
	"word" TEXT NOT NULL, 
	"value" TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	"on" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "youth_id", "offer_id", "employer", "word", "value", "by", "on"), 
	CONSTRAINT words_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("youth_id", '@', '') = "youth_id" AND replace("offer_id", '@', '') = "offer_id" AND replace("employer", '@', '') = "employer" AND replace("word", '@', '') = "word" AND replace("value", '@', '') = "value" AND replace("by", '@', '') = "by" AND replace("on", '@', '') = "on"), 
	CONSTRAINT words_rules CHECK (word <> 'outcome')
)
 WITHOUT ROWID,
 STRICT;
CREATE TABLE youths (
	"campaign" TEXT NOT NULL, 
	"youth_id" TEXT NOT NULL, 
	"territory" TEXT NOT NULL, 
	PRIMARY KEY ("campaign", "youth_id"), 
	CONSTRAINT youths_no_address CHECK (replace("campaign", '@', '') = "campaign" AND replace("youth_id", '@', '') = "youth_id" AND replace("territory", '@', '') = "territory")
)
 WITHOUT ROWID,
 STRICT;
