-- A small database as release 0.1.0 wrote it.
BEGIN TRANSACTION;
CREATE TABLE acceptance_absence (
	id INTEGER NOT NULL, 
	agency TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	deputy_id INTEGER NOT NULL, 
	deputy_name TEXT NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE NOT NULL, 
	at TEXT NOT NULL, 
	by_id INTEGER NOT NULL, 
	CONSTRAINT pk_acceptance_absence PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_absence_days CHECK (last_day >= first_day), 
	CONSTRAINT ck_acceptance_absence_deputy CHECK (deputy_id <> staff_id)
);
CREATE TABLE acceptance_alert (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	at TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_alert PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_alert_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_alert_case_id_rule_key UNIQUE (case_id, rule, "key")
);
CREATE TABLE acceptance_archive (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	years INTEGER, 
	contents TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_archive PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_archive_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_archive_case_id UNIQUE (case_id)
);
CREATE TABLE acceptance_blank (
	id INTEGER NOT NULL, 
	agency TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	number TEXT NOT NULL, 
	state TEXT NOT NULL, 
	case_id INTEGER, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_blank PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_blank_state CHECK (state IN ('stock', 'used', 'void')), 
	CONSTRAINT ck_acceptance_blank_used CHECK (state <> 'used' OR case_id IS NOT NULL), 
	CONSTRAINT fk_acceptance_blank_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_blank_agency_kind_number UNIQUE (agency, kind, number)
);
CREATE TABLE acceptance_calendar_pass (
	id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	after_id INTEGER NOT NULL, 
	again_at TEXT, 
	ended_at TEXT, 
	CONSTRAINT pk_acceptance_calendar_pass PRIMARY KEY (id)
);
CREATE TABLE acceptance_cannot_do (
	id INTEGER NOT NULL, 
	agency TEXT NOT NULL, 
	item TEXT NOT NULL, 
	item_name TEXT NOT NULL, 
	person TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	said TEXT NOT NULL, 
	proper_place TEXT NOT NULL, 
	ticket TEXT NOT NULL, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	reviewed_at TEXT, 
	reviewed_by TEXT NOT NULL, 
	review TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_cannot_do PRIMARY KEY (id)
);
CREATE TABLE acceptance_case (
	id INTEGER NOT NULL, 
	case_no TEXT NOT NULL, 
	query_code TEXT NOT NULL, 
	state TEXT NOT NULL, 
	row_version INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	item_version INTEGER NOT NULL, 
	item_name TEXT NOT NULL, 
	item_type TEXT NOT NULL, 
	item_kind TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	agency_name TEXT NOT NULL, 
	applicant_id INTEGER NOT NULL, 
	applicant_kind TEXT NOT NULL, 
	applicant_name TEXT NOT NULL, 
	applicant_masked TEXT NOT NULL, 
	agent_id INTEGER, 
	agent_name TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	project TEXT NOT NULL, 
	form TEXT NOT NULL, 
	ticket TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	tolerance_due TEXT, 
	legal_amount NUMERIC(6, 1), 
	legal_unit TEXT NOT NULL, 
	promise_amount NUMERIC(6, 1), 
	promise_unit TEXT NOT NULL, 
	received_at TEXT NOT NULL, 
	telling_due_at TEXT, 
	correction_due_at TEXT, 
	accepted_at TEXT, 
	legal_due_at TEXT, 
	promise_due_at TEXT, 
	legal_used NUMERIC(8, 2) NOT NULL, 
	promise_used NUMERIC(8, 2) NOT NULL, 
	warn_at TEXT, 
	alarm_at TEXT, 
	pause_due_at TEXT, 
	extended BOOLEAN NOT NULL, 
	joint BOOLEAN NOT NULL, 
	decided_at TEXT, 
	decided_days INTEGER, 
	kept BOOLEAN, 
	trips INTEGER NOT NULL, 
	came_at TEXT, 
	deliver_due_at TEXT, 
	ready_at TEXT, 
	delivered_at TEXT, 
	closed_at TEXT, 
	archived_at TEXT, 
	timer_at TEXT, 
	acceptor_id INTEGER NOT NULL, 
	acceptor_name TEXT NOT NULL, 
	decider_id INTEGER, 
	decider_name TEXT NOT NULL, 
	corrected BOOLEAN NOT NULL, 
	maker_id INTEGER, 
	certificate_no TEXT NOT NULL, 
	licence_code TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_case PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_case_four_eyes CHECK (decider_id IS NULL OR decider_id <> acceptor_id), 
	CONSTRAINT ck_acceptance_case_maker CHECK (maker_id IS NULL OR maker_id <> decider_id), 
	CONSTRAINT ck_acceptance_case_order CHECK (accepted_at IS NULL OR accepted_at >= received_at), 
	CONSTRAINT ck_acceptance_case_state CHECK (state IN ('received', 'correcting', 'not_accepted', 'accepted', 'review', 'suspended', 'granted', 'refused', 'making', 'ready', 'delivered', 'withdrawn', 'returned', 'terminated', 'archived')), 
	CONSTRAINT uq_acceptance_case_case_no UNIQUE (case_no)
);
CREATE TABLE acceptance_case_flow (
	case_id INTEGER NOT NULL, 
	flow_id INTEGER NOT NULL, 
	round INTEGER NOT NULL, 
	CONSTRAINT pk_acceptance_case_flow PRIMARY KEY (case_id), 
	CONSTRAINT fk_acceptance_case_flow_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT fk_acceptance_case_flow_flow_id FOREIGN KEY(flow_id) REFERENCES acceptance_flow (id)
);
CREATE TABLE acceptance_case_point (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	origin TEXT NOT NULL, 
	issue TEXT NOT NULL, 
	materials_at TEXT NOT NULL, 
	result_at TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_case_point PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_case_point_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_case_point_case_id UNIQUE (case_id)
);
CREATE TABLE acceptance_complaint (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	agency TEXT NOT NULL, 
	source TEXT NOT NULL, 
	person TEXT NOT NULL, 
	content TEXT NOT NULL, 
	at TEXT NOT NULL, 
	due_at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	answered_at TEXT, 
	answered_by TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_complaint PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_complaint_answered CHECK (answered_at IS NULL OR answer <> ''), 
	CONSTRAINT fk_acceptance_complaint_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id)
);
CREATE TABLE acceptance_delivery (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	mode TEXT NOT NULL, 
	receiver TEXT NOT NULL, 
	relation TEXT NOT NULL, 
	receiver_masked TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	mail_no TEXT NOT NULL, 
	address TEXT NOT NULL, 
	signature TEXT NOT NULL, 
	photo TEXT NOT NULL, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_delivery PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_delivery_mail CHECK (mode <> 'mail' OR mail_no <> ''), 
	CONSTRAINT ck_acceptance_delivery_mode CHECK (mode IN ('direct', 'mail')), 
	CONSTRAINT fk_acceptance_delivery_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_delivery_case_id UNIQUE (case_id)
);
CREATE TABLE acceptance_draft (
	id INTEGER NOT NULL, 
	staff_id INTEGER NOT NULL, 
	desk TEXT NOT NULL, 
	item_name TEXT NOT NULL, 
	applicant_name TEXT NOT NULL, 
	parked BOOLEAN NOT NULL, 
	at TEXT NOT NULL, 
	body BLOB NOT NULL, 
	CONSTRAINT pk_acceptance_draft PRIMARY KEY (id)
);
CREATE TABLE acceptance_event (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	event TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	at TEXT NOT NULL, 
	opinion TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	prev_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_event PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_event_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_event_case_id_seq UNIQUE (case_id, seq)
);
CREATE TABLE acceptance_exchange (
	id INTEGER NOT NULL, 
	since TEXT NOT NULL, 
	upto TEXT NOT NULL, 
	began_at TEXT NOT NULL, 
	ended_at TEXT, 
	staff_id INTEGER NOT NULL, 
	counts TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_exchange PRIMARY KEY (id)
);
CREATE TABLE acceptance_extension (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	clock TEXT NOT NULL, 
	days INTEGER NOT NULL, 
	approver TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	old_due_at TEXT NOT NULL, 
	new_due_at TEXT NOT NULL, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_extension PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_extension_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_extension_case_id_clock UNIQUE (case_id, clock)
);
CREATE TABLE acceptance_flow (
	id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	item_version INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	graph TEXT NOT NULL, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_flow PRIMARY KEY (id), 
	CONSTRAINT uq_acceptance_flow_item_item_version_revision UNIQUE (item, item_version, revision)
);
CREATE TABLE acceptance_guide (
	item TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	row_version INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	note TEXT NOT NULL, 
	authors TEXT NOT NULL, 
	author_name TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	submitted_name TEXT NOT NULL, 
	submitted_at TEXT, 
	returned_name TEXT NOT NULL, 
	returned_reason TEXT NOT NULL, 
	published_id INTEGER, 
	published_name TEXT NOT NULL, 
	published_at TEXT, 
	CONSTRAINT pk_acceptance_guide PRIMARY KEY (item, version), 
	CONSTRAINT ck_acceptance_guide_state CHECK (state IN ('draft', 'submitted', 'published'))
);
CREATE TABLE acceptance_handover (
	id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	state TEXT NOT NULL, 
	sent_at TEXT NOT NULL, 
	sent_by TEXT NOT NULL, 
	received_at TEXT, 
	received_by TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_handover PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_handover_points CHECK (source <> target), 
	CONSTRAINT ck_acceptance_handover_state CHECK (state IN ('sent', 'received')), 
	CONSTRAINT uq_acceptance_handover_number UNIQUE (number)
);
CREATE TABLE acceptance_handover_line (
	id INTEGER NOT NULL, 
	handover_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	what TEXT NOT NULL, 
	contents TEXT NOT NULL, 
	arrived BOOLEAN, 
	difference TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_handover_line PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_handover_line_what CHECK (what IN ('materials', 'result')), 
	CONSTRAINT fk_acceptance_handover_line_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT fk_acceptance_handover_line_handover_id FOREIGN KEY(handover_id) REFERENCES acceptance_handover (id), 
	CONSTRAINT uq_acceptance_handover_line_handover_id_position UNIQUE (handover_id, position)
);
CREATE TABLE acceptance_item_name (
	id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	name TEXT NOT NULL, 
	terms TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_item_name PRIMARY KEY (id), 
	CONSTRAINT uq_acceptance_item_name_item_name UNIQUE (item, name)
);
CREATE TABLE acceptance_later (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	done_at TEXT, 
	CONSTRAINT pk_acceptance_later PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_later_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_later_case_id_rule_key UNIQUE (case_id, rule, "key")
);
CREATE TABLE acceptance_mandate (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	helper TEXT NOT NULL, 
	helper_masked TEXT NOT NULL, 
	helper_digest TEXT NOT NULL, 
	helper_phone TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	valid_to DATE NOT NULL, 
	letter TEXT NOT NULL, 
	received TEXT NOT NULL, 
	returned TEXT NOT NULL, 
	fees NUMERIC(10, 2) NOT NULL, 
	result TEXT NOT NULL, 
	satisfaction INTEGER, 
	entrusted_at TEXT NOT NULL, 
	reported_at TEXT, 
	visited_at TEXT, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_mandate PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_mandate_fees CHECK (fees >= 0), 
	CONSTRAINT ck_acceptance_mandate_satisfaction CHECK (satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5), 
	CONSTRAINT fk_acceptance_mandate_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_mandate_case_id UNIQUE (case_id)
);
CREATE TABLE acceptance_material (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	need TEXT NOT NULL, 
	given TEXT NOT NULL, 
	originals INTEGER NOT NULL, 
	copies INTEGER NOT NULL, 
	pages TEXT NOT NULL, 
	licence TEXT NOT NULL, 
	due TEXT, 
	CONSTRAINT pk_acceptance_material PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_material_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_material_case_id_position UNIQUE (case_id, position)
);
CREATE TABLE acceptance_matter (
	id INTEGER NOT NULL, 
	case_no TEXT NOT NULL, 
	query_code TEXT NOT NULL, 
	theme TEXT NOT NULL, 
	name TEXT NOT NULL, 
	lead TEXT NOT NULL, 
	lead_name TEXT NOT NULL, 
	state TEXT NOT NULL, 
	row_version INTEGER NOT NULL, 
	applicant_id INTEGER NOT NULL, 
	applicant_kind TEXT NOT NULL, 
	applicant_name TEXT NOT NULL, 
	applicant_masked TEXT NOT NULL, 
	agent_name TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	project TEXT NOT NULL, 
	form TEXT NOT NULL, 
	materials TEXT NOT NULL, 
	joint BOOLEAN NOT NULL, 
	promise_amount NUMERIC(6, 1), 
	promise_unit TEXT NOT NULL, 
	received_at TEXT NOT NULL, 
	promise_due_at TEXT, 
	legal_due_at TEXT, 
	done_at TEXT, 
	acceptor_id INTEGER NOT NULL, 
	acceptor_name TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_matter PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_matter_state CHECK (state IN ('received', 'accepted', 'review', 'ready', 'done')), 
	CONSTRAINT uq_acceptance_matter_case_no UNIQUE (case_no)
);
CREATE TABLE acceptance_matter_part (
	id INTEGER NOT NULL, 
	matter_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	optional BOOLEAN NOT NULL, 
	"after" TEXT NOT NULL, 
	case_id INTEGER, 
	outcome TEXT NOT NULL, 
	note TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	at TEXT, 
	staff_name TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_matter_part PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_matter_part_outcome CHECK (outcome IN ('', 'granted', 'refused', 'dropped')), 
	CONSTRAINT ck_acceptance_matter_part_answer CHECK (answer IN ('', 'asked', 'stop', 'go_on')), 
	CONSTRAINT ck_acceptance_matter_part_elsewhere CHECK (outcome = '' OR case_id IS NULL), 
	CONSTRAINT fk_acceptance_matter_part_matter_id FOREIGN KEY(matter_id) REFERENCES acceptance_matter (id), 
	CONSTRAINT fk_acceptance_matter_part_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_matter_part_case_id UNIQUE (case_id), 
	CONSTRAINT uq_acceptance_matter_part_matter_id_position UNIQUE (matter_id, position)
);
CREATE TABLE acceptance_notice (
	id INTEGER NOT NULL, 
	alert_id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	agency TEXT NOT NULL, 
	state TEXT NOT NULL, 
	due_at TEXT, 
	order_no TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_notice PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_notice_outcome CHECK (outcome IN ('', 'mended', 'excused')), 
	CONSTRAINT ck_acceptance_notice_state CHECK (state IN ('notified', 'answered', 'ordered', 'closed')), 
	CONSTRAINT fk_acceptance_notice_alert_id FOREIGN KEY(alert_id) REFERENCES acceptance_alert (id), 
	CONSTRAINT fk_acceptance_notice_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_notice_alert_id UNIQUE (alert_id)
);
CREATE TABLE acceptance_notice_step (
	id INTEGER NOT NULL, 
	notice_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	text TEXT NOT NULL, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_notice_step PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_notice_step_kind CHECK (kind IN ('feedback', 'appeal', 'order', 'close')), 
	CONSTRAINT fk_acceptance_notice_step_notice_id FOREIGN KEY(notice_id) REFERENCES acceptance_notice (id)
);
CREATE TABLE acceptance_paper (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	number TEXT NOT NULL, 
	at TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	state TEXT NOT NULL, 
	document TEXT NOT NULL, 
	sealed TEXT NOT NULL, 
	prints INTEGER NOT NULL, 
	CONSTRAINT pk_acceptance_paper PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_paper_state CHECK (state IN ('drafted', 'rendered', 'waiting_seal', 'sealed')), 
	CONSTRAINT fk_acceptance_paper_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_paper_case_id_kind_number UNIQUE (case_id, kind, number)
);
CREATE TABLE acceptance_point (
	id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	desks TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_acceptance_point PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_point_kind CHECK (kind IN ('town', 'village')), 
	CONSTRAINT uq_acceptance_point_code UNIQUE (code)
);
CREATE TABLE acceptance_promise (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	positions TEXT NOT NULL, 
	conditions TEXT NOT NULL, 
	days INTEGER NOT NULL, 
	at_once BOOLEAN NOT NULL, 
	at TEXT NOT NULL, 
	check_due_at TEXT, 
	checked_at TEXT, 
	outcome TEXT NOT NULL, 
	findings TEXT NOT NULL, 
	checked_by TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_promise PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_promise_outcome CHECK (outcome IN ('', 'kept', 'broken')), 
	CONSTRAINT fk_acceptance_promise_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_promise_case_id UNIQUE (case_id)
);
CREATE TABLE acceptance_promise_item (
	id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	positions TEXT NOT NULL, 
	conditions TEXT NOT NULL, 
	days INTEGER NOT NULL, 
	at_once BOOLEAN NOT NULL, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_promise_item PRIMARY KEY (id), 
	CONSTRAINT uq_acceptance_promise_item_item UNIQUE (item)
);
CREATE TABLE acceptance_rating (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	token TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	asked_at TEXT NOT NULL, 
	level INTEGER, 
	tags TEXT NOT NULL, 
	comment TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	is_default BOOLEAN NOT NULL, 
	rated_at TEXT, 
	CONSTRAINT pk_acceptance_rating PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_rating_level CHECK (level IS NULL OR (level >= 1 AND level <= 5)), 
	CONSTRAINT fk_acceptance_rating_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_rating_case_id UNIQUE (case_id), 
	CONSTRAINT uq_acceptance_rating_token UNIQUE (token)
);
CREATE TABLE acceptance_rating_addition (
	id INTEGER NOT NULL, 
	rating_id INTEGER NOT NULL, 
	comment TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_rating_addition PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_rating_addition_rating_id FOREIGN KEY(rating_id) REFERENCES acceptance_rating (id)
);
CREATE TABLE acceptance_rating_fix (
	id INTEGER NOT NULL, 
	rating_id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	agency TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	opened_at TEXT NOT NULL, 
	contact_due_at TEXT NOT NULL, 
	due_at TEXT NOT NULL, 
	next_alert_at TEXT, 
	contacted_at TEXT, 
	contact TEXT NOT NULL, 
	extended BOOLEAN NOT NULL, 
	extension_reason TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	result TEXT NOT NULL, 
	call_back TEXT NOT NULL, 
	closed_at TEXT, 
	closed_by TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_rating_fix PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_rating_fix_closed CHECK (closed_at IS NULL OR (result <> '' AND call_back <> '')), 
	CONSTRAINT ck_acceptance_rating_fix_outcome CHECK (outcome IN ('', 'fixed', 'explained', 'not_counted')), 
	CONSTRAINT fk_acceptance_rating_fix_rating_id FOREIGN KEY(rating_id) REFERENCES acceptance_rating (id), 
	CONSTRAINT fk_acceptance_rating_fix_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_rating_fix_rating_id UNIQUE (rating_id)
);
CREATE TABLE acceptance_reuse (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	source_case_id INTEGER NOT NULL, 
	source_material_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_reuse PRIMARY KEY (id), 
	CONSTRAINT fk_acceptance_reuse_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT fk_acceptance_reuse_source_case_id FOREIGN KEY(source_case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT fk_acceptance_reuse_source_material_id FOREIGN KEY(source_material_id) REFERENCES acceptance_material (id), 
	CONSTRAINT uq_acceptance_reuse_case_id_position UNIQUE (case_id, position)
);
CREATE VIRTUAL TABLE acceptance_search USING fts5(words, scope, content='', detail=none, tokenize='ascii', prefix='1 2 3 4');
CREATE TABLE acceptance_search_filter (
	id INTEGER NOT NULL, 
	staff_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	wanted TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_search_filter PRIMARY KEY (id), 
	CONSTRAINT uq_acceptance_search_filter_staff_id_name UNIQUE (staff_id, name)
);
CREATE TABLE acceptance_showing (
	id INTEGER NOT NULL, 
	purpose TEXT NOT NULL, 
	state TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	case_id INTEGER, 
	shown TEXT NOT NULL, 
	wrong TEXT NOT NULL, 
	remark TEXT NOT NULL, 
	strokes TEXT NOT NULL, 
	picture TEXT NOT NULL, 
	source TEXT NOT NULL, 
	at TEXT NOT NULL, 
	answered_at TEXT, 
	CONSTRAINT pk_acceptance_showing PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_showing_purpose CHECK (purpose IN ('application', 'delivery')), 
	CONSTRAINT ck_acceptance_showing_state CHECK (state IN ('waiting', 'confirmed', 'wrong', 'signed', 'ended')), 
	CONSTRAINT ck_acceptance_showing_signed CHECK (state <> 'signed' OR (strokes <> '' AND picture <> '')), 
	CONSTRAINT fk_acceptance_showing_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id)
);
CREATE TABLE acceptance_suspension (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	node TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	began_at TEXT NOT NULL, 
	planned_end DATE, 
	ended_at TEXT, 
	result TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	ended_by TEXT NOT NULL, 
	CONSTRAINT pk_acceptance_suspension PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_suspension_order CHECK (ended_at IS NULL OR ended_at >= began_at), 
	CONSTRAINT fk_acceptance_suspension_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id)
);
CREATE TABLE acceptance_task (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	node TEXT NOT NULL, 
	round INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	permission TEXT NOT NULL, 
	case_agency TEXT NOT NULL, 
	case_no TEXT NOT NULL, 
	item TEXT NOT NULL, 
	item_name TEXT NOT NULL, 
	applicant TEXT NOT NULL, 
	asked_by INTEGER, 
	question TEXT NOT NULL, 
	assignee_id INTEGER, 
	assignee_name TEXT NOT NULL, 
	opened_at TEXT NOT NULL, 
	limit_amount NUMERIC(6, 1), 
	limit_unit TEXT NOT NULL, 
	silent_ok BOOLEAN NOT NULL, 
	paused BOOLEAN NOT NULL, 
	due_at TEXT, 
	warn_at TEXT, 
	timer_at TEXT, 
	state TEXT NOT NULL, 
	stands BOOLEAN NOT NULL, 
	outcome TEXT NOT NULL, 
	return_to TEXT NOT NULL, 
	opinion TEXT NOT NULL, 
	checked TEXT NOT NULL, 
	said TEXT NOT NULL, 
	staff_id INTEGER, 
	staff_name TEXT NOT NULL, 
	for_id INTEGER, 
	for_name TEXT NOT NULL, 
	done_at TEXT, 
	row_version INTEGER NOT NULL, 
	CONSTRAINT pk_acceptance_task PRIMARY KEY (id), 
	CONSTRAINT ck_acceptance_task_done CHECK ((state = 'done') = (done_at IS NOT NULL)), 
	CONSTRAINT ck_acceptance_task_stands CHECK (state <> 'open' OR stands), 
	CONSTRAINT ck_acceptance_task_state CHECK (state IN ('open', 'done', 'skipped', 'dropped')), 
	CONSTRAINT fk_acceptance_task_asked_by FOREIGN KEY(asked_by) REFERENCES acceptance_task (id), 
	CONSTRAINT fk_acceptance_task_case_id FOREIGN KEY(case_id) REFERENCES acceptance_case (id), 
	CONSTRAINT uq_acceptance_task_case_id_node_round UNIQUE (case_id, node, round)
);
CREATE TABLE acceptance_version (
	revision TEXT NOT NULL, 
	PRIMARY KEY (revision)
);
INSERT INTO "acceptance_version" VALUES('0001');
CREATE TABLE core_account (
	name TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	password_hash TEXT NOT NULL, 
	must_change BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	locked_until TEXT, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_core_account PRIMARY KEY (name), 
	CONSTRAINT fk_core_account_staff_id FOREIGN KEY(staff_id) REFERENCES core_staff (id), 
	CONSTRAINT uq_core_account_staff_id UNIQUE (staff_id)
);
CREATE TABLE core_agency (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	short_name TEXT NOT NULL, 
	name_mn TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_core_agency PRIMARY KEY (code)
);
INSERT INTO "core_agency" VALUES('11150421YC000001XH','阿鲁科尔沁旗样例局','样例局','','bureau',0);
CREATE TABLE core_applicant (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	code_kind TEXT NOT NULL, 
	code_sealed BLOB NOT NULL, 
	code_digest BLOB NOT NULL, 
	code_masked TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	CONSTRAINT pk_core_applicant PRIMARY KEY (id), 
	CONSTRAINT ck_core_applicant_kind CHECK (kind IN ('person', 'organisation')), 
	CONSTRAINT uq_core_applicant_code_kind_code_digest UNIQUE (code_kind, code_digest)
);
CREATE TABLE core_blob (
	digest TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_core_blob PRIMARY KEY (digest)
);
CREATE TABLE core_calendar_day (
	day DATE NOT NULL, 
	works BOOLEAN NOT NULL, 
	name TEXT NOT NULL, 
	source TEXT NOT NULL, 
	CONSTRAINT pk_core_calendar_day PRIMARY KEY (day)
);
CREATE TABLE core_counter (
	series TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	value INTEGER NOT NULL, 
	CONSTRAINT pk_core_counter PRIMARY KEY (series, scope)
);
INSERT INTO "core_counter" VALUES('ticket','A.2026-11-29',1);
CREATE TABLE core_desk (
	code TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	business TEXT NOT NULL, 
	agency TEXT, 
	CONSTRAINT pk_core_desk PRIMARY KEY (code), 
	CONSTRAINT fk_core_desk_agency FOREIGN KEY(agency) REFERENCES core_agency (code), 
	CONSTRAINT fk_core_desk_zone FOREIGN KEY(zone) REFERENCES core_zone (code)
);
CREATE TABLE core_item (
	code TEXT NOT NULL, 
	basic_code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	name_mn TEXT NOT NULL, 
	type TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	aliases TEXT NOT NULL, 
	initials TEXT NOT NULL, 
	pinyin TEXT NOT NULL, 
	current_version INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_core_item PRIMARY KEY (code), 
	CONSTRAINT fk_core_item_agency FOREIGN KEY(agency) REFERENCES core_agency (code)
);
CREATE TABLE core_item_material (
	id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	material TEXT NOT NULL, 
	name TEXT NOT NULL, 
	need TEXT NOT NULL, 
	original BOOLEAN NOT NULL, 
	replaceable BOOLEAN NOT NULL, 
	licence_types TEXT NOT NULL, 
	CONSTRAINT pk_core_item_material PRIMARY KEY (id), 
	CONSTRAINT ck_core_item_material_need CHECK (need IN ('required', 'optional', 'tolerant')), 
	CONSTRAINT fk_core_item_material_item FOREIGN KEY(item) REFERENCES core_item (code), 
	CONSTRAINT fk_core_item_material_material FOREIGN KEY(material) REFERENCES core_material (code), 
	CONSTRAINT uq_core_item_material_item_version_position UNIQUE (item, version, position)
);
CREATE TABLE core_item_state (
	id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	first_day DATE NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	staff_name TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_core_item_state PRIMARY KEY (id), 
	CONSTRAINT ck_core_item_state_state CHECK (state IN ('1', '2', '3')), 
	CONSTRAINT fk_core_item_state_item FOREIGN KEY(item) REFERENCES core_item (code)
);
CREATE TABLE core_item_term (
	item TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	first_day DATE, 
	last_day DATE, 
	name TEXT NOT NULL, 
	aliases TEXT NOT NULL, 
	initials TEXT NOT NULL, 
	pinyin TEXT NOT NULL, 
	CONSTRAINT pk_core_item_term PRIMARY KEY (item, version), 
	CONSTRAINT fk_core_item_term_item FOREIGN KEY(item) REFERENCES core_item (code)
);
CREATE TABLE core_item_version (
	id INTEGER NOT NULL, 
	item TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	legal_amount NUMERIC(6, 1), 
	legal_unit TEXT NOT NULL, 
	promise_amount NUMERIC(6, 1), 
	promise_unit TEXT NOT NULL, 
	counterparts TEXT NOT NULL, 
	result TEXT NOT NULL, 
	result_licence TEXT NOT NULL, 
	special TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	CONSTRAINT pk_core_item_version PRIMARY KEY (id), 
	CONSTRAINT fk_core_item_version_item FOREIGN KEY(item) REFERENCES core_item (code), 
	CONSTRAINT uq_core_item_version_item_version UNIQUE (item, version)
);
CREATE TABLE core_journal (
	id INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	account TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	event TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_core_journal PRIMARY KEY (id)
);
INSERT INTO "core_journal" VALUES(1,0,'2026-11-28T19:01:38.104031+00:00','system','','','queue.set_lines','queue:lines','{"lines":[{"agencies":[],"calls":3,"code":"A","first":1,"gap_seconds":5,"last":999,"name":"综合","name_mn":"","passed_minutes":0,"prefix":"A","reentry":"tail","reentry_after":3,"target_minutes":30,"zone":""}]}');
INSERT INTO "core_journal" VALUES(2,0,'2026-11-28T19:01:38.116070+00:00','system','','','queue.issue','ticket:1','{"business":"","code_kind":"111","further":[],"item":"","kiosk":"","line":"A","priority":"none"}');
CREATE TABLE core_journal_seal (
	number INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	count INTEGER NOT NULL, 
	last_turn INTEGER NOT NULL, 
	last_id INTEGER NOT NULL, 
	leaves BLOB NOT NULL, 
	root BLOB NOT NULL, 
	head BLOB NOT NULL, 
	key_id TEXT NOT NULL, 
	signature BLOB NOT NULL, 
	CONSTRAINT pk_core_journal_seal PRIMARY KEY (number)
);
CREATE TABLE core_licence_type (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	issuer TEXT NOT NULL, 
	issuer_name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	validity_months INTEGER, 
	CONSTRAINT pk_core_licence_type PRIMARY KEY (code)
);
CREATE TABLE core_material (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	licence_types TEXT NOT NULL, 
	CONSTRAINT pk_core_material PRIMARY KEY (code)
);
CREATE TABLE core_operation_key (
	"key" TEXT NOT NULL, 
	operation TEXT NOT NULL, 
	account TEXT NOT NULL, 
	result TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_core_operation_key PRIMARY KEY ("key")
);
CREATE TABLE core_role (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	hall_wide BOOLEAN NOT NULL, 
	CONSTRAINT pk_core_role PRIMARY KEY (code)
);
CREATE TABLE core_role_permission (
	role TEXT NOT NULL, 
	permission TEXT NOT NULL, 
	CONSTRAINT pk_core_role_permission PRIMARY KEY (role, permission), 
	CONSTRAINT fk_core_role_permission_role FOREIGN KEY(role) REFERENCES core_role (code)
);
CREATE TABLE core_setting (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_core_setting PRIMARY KEY ("key")
);
CREATE TABLE core_staff (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	post TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	desk TEXT, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_core_staff PRIMARY KEY (id), 
	CONSTRAINT fk_core_staff_agency FOREIGN KEY(agency) REFERENCES core_agency (code), 
	CONSTRAINT fk_core_staff_desk FOREIGN KEY(desk) REFERENCES core_desk (code)
);
CREATE TABLE core_staff_role (
	staff_id INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	CONSTRAINT pk_core_staff_role PRIMARY KEY (staff_id, role), 
	CONSTRAINT fk_core_staff_role_role FOREIGN KEY(role) REFERENCES core_role (code), 
	CONSTRAINT fk_core_staff_role_staff_id FOREIGN KEY(staff_id) REFERENCES core_staff (id)
);
CREATE TABLE core_theme (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	lead TEXT, 
	promise_amount NUMERIC(6, 1), 
	promise_unit TEXT NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_core_theme PRIMARY KEY (code), 
	CONSTRAINT fk_core_theme_lead FOREIGN KEY(lead) REFERENCES core_agency (code)
);
CREATE TABLE core_tick_lock (
	name TEXT NOT NULL, 
	done_until TEXT NOT NULL, 
	CONSTRAINT pk_core_tick_lock PRIMARY KEY (name)
);
CREATE TABLE core_version (
	revision TEXT NOT NULL, 
	PRIMARY KEY (revision)
);
INSERT INTO "core_version" VALUES('0001');
CREATE TABLE core_zone (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	name_mn TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	CONSTRAINT pk_core_zone PRIMARY KEY (code)
);
CREATE TABLE licence_licence (
	id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	number TEXT NOT NULL, 
	type TEXT NOT NULL, 
	name TEXT NOT NULL, 
	status TEXT NOT NULL, 
	issuer TEXT NOT NULL, 
	issuer_name TEXT NOT NULL, 
	holder_id INTEGER NOT NULL, 
	holder_kind TEXT NOT NULL, 
	holder_name TEXT NOT NULL, 
	holder_masked TEXT NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_to DATE, 
	fields TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	document TEXT NOT NULL, 
	issued_at TEXT NOT NULL, 
	CONSTRAINT pk_licence_licence PRIMARY KEY (id), 
	CONSTRAINT ck_licence_licence_status CHECK (status IN ('in_force', 'suspended', 'cancelled', 'revoked', 'annulled', 'replaced')), 
	CONSTRAINT uq_licence_licence_code UNIQUE (code), 
	CONSTRAINT uq_licence_licence_number UNIQUE (number)
);
CREATE TABLE licence_use (
	id INTEGER NOT NULL, 
	licence_id INTEGER, 
	at TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	act TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	basis TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	result TEXT NOT NULL, 
	CONSTRAINT pk_licence_use PRIMARY KEY (id), 
	CONSTRAINT fk_licence_use_licence_id FOREIGN KEY(licence_id) REFERENCES licence_licence (id)
);
CREATE TABLE licence_version (
	revision TEXT NOT NULL, 
	PRIMARY KEY (revision)
);
INSERT INTO "licence_version" VALUES('0001');
CREATE TABLE queue_advice (
	id INTEGER NOT NULL, 
	line TEXT NOT NULL, 
	desks TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	said_by TEXT NOT NULL, 
	at TEXT NOT NULL, 
	until TEXT NOT NULL, 
	ended_at TEXT, 
	CONSTRAINT pk_queue_advice PRIMARY KEY (id), 
	CONSTRAINT ck_queue_advice_answer CHECK (answer IN ('lent', 'ignored'))
);
CREATE TABLE queue_appointment (
	id INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	business TEXT NOT NULL, 
	day DATE NOT NULL, 
	begins_at TEXT NOT NULL, 
	ends_at TEXT NOT NULL, 
	seat INTEGER, 
	holder TEXT NOT NULL, 
	person TEXT NOT NULL, 
	phone TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	state TEXT NOT NULL, 
	excused BOOLEAN NOT NULL, 
	source TEXT NOT NULL, 
	booked_at TEXT NOT NULL, 
	CONSTRAINT pk_queue_appointment PRIMARY KEY (id), 
	CONSTRAINT ck_queue_appointment_state CHECK (state IN ('booked', 'arrived', 'missed', 'cancelled')), 
	CONSTRAINT fk_queue_appointment_business FOREIGN KEY(business) REFERENCES queue_business (code), 
	CONSTRAINT uq_queue_appointment_business_begins_at_seat UNIQUE (business, begins_at, seat), 
	CONSTRAINT uq_queue_appointment_code UNIQUE (code)
);
CREATE TABLE queue_business (
	code TEXT NOT NULL, 
	parent TEXT, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	name_mn TEXT NOT NULL, 
	icon TEXT NOT NULL, 
	line TEXT, 
	item TEXT NOT NULL, 
	quota_day INTEGER, 
	quota_half_day INTEGER, 
	quota_slot INTEGER, 
	slot_minutes INTEGER NOT NULL, 
	seats INTEGER NOT NULL, 
	open BOOLEAN NOT NULL, 
	CONSTRAINT pk_queue_business PRIMARY KEY (code), 
	CONSTRAINT fk_queue_business_line FOREIGN KEY(line) REFERENCES queue_line (code), 
	CONSTRAINT fk_queue_business_parent FOREIGN KEY(parent) REFERENCES queue_business (code)
);
CREATE TABLE queue_calibration (
	id INTEGER NOT NULL, 
	line TEXT NOT NULL, 
	day DATE NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_queue_calibration PRIMARY KEY (id), 
	CONSTRAINT uq_queue_calibration_line_day UNIQUE (line, day)
);
CREATE TABLE queue_desk (
	code TEXT NOT NULL, 
	staff_id INTEGER, 
	staff_name TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	lines TEXT NOT NULL, 
	since TEXT NOT NULL, 
	CONSTRAINT pk_queue_desk PRIMARY KEY (code), 
	CONSTRAINT ck_queue_desk_state CHECK (state IN ('open', 'paused', 'closed'))
);
CREATE TABLE queue_desk_event (
	id INTEGER NOT NULL, 
	desk TEXT NOT NULL, 
	at TEXT NOT NULL, 
	state TEXT NOT NULL, 
	staff_id INTEGER, 
	staff_name TEXT NOT NULL, 
	lines TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_queue_desk_event PRIMARY KEY (id)
);
CREATE TABLE queue_event (
	id INTEGER NOT NULL, 
	ticket_id INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	act TEXT NOT NULL, 
	line TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	staff_id INTEGER, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_queue_event PRIMARY KEY (id), 
	CONSTRAINT fk_queue_event_ticket_id FOREIGN KEY(ticket_id) REFERENCES queue_ticket (id)
);
INSERT INTO "queue_event" VALUES(1,1,'2026-11-28T19:01:38.116070+00:00','issue','A','',0,'{"ahead":0,"business":"综合","priority":"none","promised":null,"situation":{"ahead":0,"desks":0.0,"elapsed":0.0,"free":0,"head_wait":0.0,"last_wait":null,"line":"A","minute":181,"present":0,"priority":false,"service":480.0}}');
CREATE TABLE queue_lease (
	id INTEGER NOT NULL, 
	kiosk TEXT NOT NULL, 
	line TEXT NOT NULL, 
	day DATE NOT NULL, 
	numbers TEXT NOT NULL, 
	leased_at TEXT NOT NULL, 
	CONSTRAINT pk_queue_lease PRIMARY KEY (id), 
	CONSTRAINT fk_queue_lease_line FOREIGN KEY(line) REFERENCES queue_line (code)
);
CREATE TABLE queue_line (
	code TEXT NOT NULL, 
	name TEXT NOT NULL, 
	name_mn TEXT NOT NULL, 
	prefix TEXT NOT NULL, 
	first INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	zone TEXT NOT NULL, 
	agencies TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	target_minutes INTEGER NOT NULL, 
	calls INTEGER NOT NULL, 
	gap_seconds INTEGER NOT NULL, 
	reentry TEXT NOT NULL, 
	reentry_after INTEGER NOT NULL, 
	passed_minutes INTEGER NOT NULL, 
	CONSTRAINT pk_queue_line PRIMARY KEY (code), 
	CONSTRAINT ck_queue_line_reentry CHECK (reentry IN ('head', 'after', 'tail')), 
	CONSTRAINT uq_queue_line_prefix UNIQUE (prefix)
);
INSERT INTO "queue_line" VALUES('A','综合','','A',1,999,'','[]',0,30,3,5,'tail',3,0);
CREATE TABLE queue_message (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	text TEXT NOT NULL, 
	said_by TEXT NOT NULL, 
	at TEXT NOT NULL, 
	until TEXT, 
	answered_by TEXT NOT NULL, 
	answered_at TEXT, 
	CONSTRAINT pk_queue_message PRIMARY KEY (id), 
	CONSTRAINT ck_queue_message_kind CHECK (kind IN ('notice', 'broadcast', 'emergency'))
);
CREATE TABLE queue_policy (
	id INTEGER NOT NULL, 
	desks TEXT NOT NULL, 
	name TEXT NOT NULL, 
	data TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	made_by TEXT NOT NULL, 
	made_at TEXT NOT NULL, 
	CONSTRAINT pk_queue_policy PRIMARY KEY (id)
);
CREATE TABLE queue_rating (
	id INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	ticket_id INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	business TEXT NOT NULL, 
	desk TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	token TEXT NOT NULL, 
	asked_at TEXT NOT NULL, 
	grade INTEGER, 
	answers TEXT NOT NULL, 
	comment TEXT NOT NULL, 
	rated_at TEXT, 
	remedy TEXT NOT NULL, 
	remedied_by TEXT NOT NULL, 
	remedied_at TEXT, 
	CONSTRAINT pk_queue_rating PRIMARY KEY (id), 
	CONSTRAINT ck_queue_rating_grade CHECK (grade BETWEEN 1 AND 5), 
	CONSTRAINT fk_queue_rating_event_id FOREIGN KEY(event_id) REFERENCES queue_event (id), 
	CONSTRAINT fk_queue_rating_ticket_id FOREIGN KEY(ticket_id) REFERENCES queue_ticket (id), 
	CONSTRAINT uq_queue_rating_event_id UNIQUE (event_id), 
	CONSTRAINT uq_queue_rating_token UNIQUE (token)
);
CREATE TABLE queue_skill (
	staff_id INTEGER NOT NULL, 
	lines TEXT NOT NULL, 
	CONSTRAINT pk_queue_skill PRIMARY KEY (staff_id)
);
CREATE TABLE queue_ticket (
	id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	line TEXT NOT NULL, 
	number TEXT NOT NULL, 
	state TEXT NOT NULL, 
	priority TEXT NOT NULL, 
	business TEXT NOT NULL, 
	item TEXT NOT NULL, 
	person TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	kiosk TEXT NOT NULL, 
	token TEXT NOT NULL, 
	issued_at TEXT NOT NULL, 
	queued_at TEXT NOT NULL, 
	rank_at TEXT NOT NULL, 
	due_at TEXT, 
	desk TEXT, 
	staff_id INTEGER, 
	for_desk TEXT NOT NULL, 
	for_staff INTEGER, 
	return_to TEXT NOT NULL, 
	further TEXT NOT NULL, 
	called_at TEXT, 
	last_call_at TEXT, 
	arrived_at TEXT, 
	ended_at TEXT, 
	calls INTEGER NOT NULL, 
	promised_seconds INTEGER, 
	promised_low INTEGER, 
	promised_high INTEGER, 
	came_from TEXT NOT NULL, 
	hold_reason TEXT NOT NULL, 
	result TEXT NOT NULL, 
	CONSTRAINT pk_queue_ticket PRIMARY KEY (id), 
	CONSTRAINT ck_queue_ticket_state CHECK (state IN ('waiting', 'called', 'serving', 'held', 'passed', 'done', 'ended')), 
	CONSTRAINT fk_queue_ticket_line FOREIGN KEY(line) REFERENCES queue_line (code), 
	CONSTRAINT uq_queue_ticket_day_number UNIQUE (day, number), 
	CONSTRAINT uq_queue_ticket_token UNIQUE (token)
);
INSERT INTO "queue_ticket" VALUES(1,'2026-11-29','A','A001','waiting','none','综合','','','','','8do2829h8KUdZNc3','2026-11-28T19:01:38.116070+00:00','2026-11-28T19:01:38.116070+00:00','2026-11-28T19:01:38.116070+00:00',NULL,NULL,NULL,'',NULL,'','[]',NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,'','','');
CREATE TABLE queue_version (
	revision TEXT NOT NULL, 
	PRIMARY KEY (revision)
);
INSERT INTO "queue_version" VALUES('0001');
CREATE TABLE seal_authority (
	id INTEGER NOT NULL, 
	certificate BLOB NOT NULL, 
	key_name TEXT NOT NULL, 
	made_at TEXT NOT NULL, 
	CONSTRAINT pk_seal_authority PRIMARY KEY (id), 
	CONSTRAINT ck_seal_authority_only_one CHECK (id = 1)
);
CREATE TABLE seal_change (
	id INTEGER NOT NULL, 
	seal INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	state TEXT NOT NULL, 
	staff_id INTEGER NOT NULL, 
	staff_name TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_seal_change PRIMARY KEY (id), 
	CONSTRAINT fk_seal_change_seal FOREIGN KEY(seal) REFERENCES seal_seal (id)
);
CREATE TABLE seal_request (
	id INTEGER NOT NULL, 
	subject TEXT NOT NULL, 
	paper TEXT NOT NULL, 
	document TEXT NOT NULL, 
	title TEXT NOT NULL, 
	number TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	addressee TEXT NOT NULL, 
	due TEXT, 
	requester_id INTEGER NOT NULL, 
	requester TEXT NOT NULL, 
	requested_at TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	decided_at TEXT, 
	CONSTRAINT pk_seal_request PRIMARY KEY (id), 
	CONSTRAINT uq_seal_request_subject_paper UNIQUE (subject, paper), 
	CONSTRAINT ck_seal_request_state CHECK (state IN ('waiting', 'stamped', 'refused'))
);
CREATE TABLE seal_seal (
	id INTEGER NOT NULL, 
	es_id TEXT, 
	agency TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	diameter INTEGER NOT NULL, 
	specimen TEXT NOT NULL, 
	state TEXT NOT NULL, 
	picture TEXT, 
	certificate BLOB, 
	key_name TEXT, 
	valid_from TEXT, 
	valid_until TEXT, 
	replaces INTEGER, 
	CONSTRAINT pk_seal_seal PRIMARY KEY (id), 
	CONSTRAINT uq_seal_seal_es_id UNIQUE (es_id), 
	CONSTRAINT fk_seal_seal_replaces FOREIGN KEY(replaces) REFERENCES seal_seal (id)
);
CREATE TABLE seal_stamp (
	id INTEGER NOT NULL, 
	request INTEGER NOT NULL, 
	seal INTEGER NOT NULL, 
	es_id TEXT NOT NULL, 
	seal_name TEXT NOT NULL, 
	agency TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	page INTEGER NOT NULL, 
	x_um INTEGER NOT NULL, 
	y_um INTEGER NOT NULL, 
	diameter_um INTEGER NOT NULL, 
	keeper_id INTEGER NOT NULL, 
	keeper TEXT NOT NULL, 
	witness_id INTEGER, 
	witness TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_seal_stamp PRIMARY KEY (id), 
	CONSTRAINT uq_seal_stamp_request UNIQUE (request), 
	CONSTRAINT fk_seal_stamp_request FOREIGN KEY(request) REFERENCES seal_request (id), 
	CONSTRAINT fk_seal_stamp_seal FOREIGN KEY(seal) REFERENCES seal_seal (id)
);
CREATE TABLE seal_version (
	revision TEXT NOT NULL, 
	PRIMARY KEY (revision)
);
INSERT INTO "seal_version" VALUES('0001');
CREATE INDEX ix_core_applicant_name ON core_applicant (name);
CREATE INDEX ix_core_journal_subject ON core_journal (subject);
CREATE INDEX ix_core_journal_turn ON core_journal (turn, id);
CREATE INDEX ix_core_item_agency ON core_item (agency);
CREATE INDEX ix_core_item_state_item ON core_item_state (item, first_day);
CREATE TRIGGER core_journal_no_update BEFORE UPDATE ON core_journal BEGIN SELECT RAISE(ABORT, 'core_journal is append-only'); END;
CREATE TRIGGER core_journal_no_delete BEFORE DELETE ON core_journal BEGIN SELECT RAISE(ABORT, 'core_journal is append-only'); END;
CREATE TRIGGER core_journal_seal_no_update BEFORE UPDATE ON core_journal_seal BEGIN SELECT RAISE(ABORT, 'core_journal_seal is append-only'); END;
CREATE TRIGGER core_journal_seal_no_delete BEFORE DELETE ON core_journal_seal BEGIN SELECT RAISE(ABORT, 'core_journal_seal is append-only'); END;
CREATE INDEX ix_queue_advice_until ON queue_advice (until);
CREATE INDEX ix_queue_desk_event_at ON queue_desk_event (at);
CREATE INDEX ix_queue_message_at ON queue_message (at);
CREATE INDEX ix_queue_lease_kiosk ON queue_lease (kiosk, day);
CREATE INDEX ix_queue_ticket_day ON queue_ticket (day, state, line);
CREATE INDEX ix_queue_ticket_directed ON queue_ticket (day, rank_at) WHERE state = 'waiting' AND (for_desk != '' OR for_staff IS NOT NULL);
CREATE INDEX ix_queue_ticket_due ON queue_ticket (day, due_at) WHERE state = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX ix_queue_ticket_head ON queue_ticket (day, line, rank_at, id) WHERE state = 'waiting' AND for_desk = '' AND for_staff IS NULL;
CREATE INDEX ix_queue_ticket_holder ON queue_ticket (day, holder);
CREATE UNIQUE INDEX uq_queue_ticket_open_call ON queue_ticket (desk) WHERE state = 'called' OR state = 'serving';
CREATE INDEX ix_queue_appointment_day ON queue_appointment (day, state);
CREATE INDEX ix_queue_appointment_holder ON queue_appointment (holder, day);
CREATE UNIQUE INDEX uq_queue_appointment_holder ON queue_appointment (holder, business, day) WHERE state = 'booked';
CREATE INDEX ix_queue_event_at ON queue_event (at);
CREATE INDEX ix_queue_event_ticket ON queue_event (ticket_id, id);
CREATE INDEX ix_queue_rating_asked ON queue_rating (asked_at);
CREATE TRIGGER queue_event_no_update BEFORE UPDATE ON queue_event BEGIN SELECT RAISE(ABORT, 'queue_event is append-only'); END;
CREATE TRIGGER queue_event_no_delete BEFORE DELETE ON queue_event BEGIN SELECT RAISE(ABORT, 'queue_event is append-only'); END;
CREATE TRIGGER queue_desk_event_no_update BEFORE UPDATE ON queue_desk_event BEGIN SELECT RAISE(ABORT, 'queue_desk_event is append-only'); END;
CREATE TRIGGER queue_desk_event_no_delete BEFORE DELETE ON queue_desk_event BEGIN SELECT RAISE(ABORT, 'queue_desk_event is append-only'); END;
CREATE INDEX ix_acceptance_case_acceptor ON acceptance_case (acceptor_id, received_at);
CREATE INDEX ix_acceptance_case_agency ON acceptance_case (agency, state, promise_due_at);
CREATE INDEX ix_acceptance_case_applicant ON acceptance_case (applicant_id);
CREATE INDEX ix_acceptance_case_received ON acceptance_case (received_at, id);
CREATE INDEX ix_acceptance_case_due ON acceptance_case (promise_due_at, id);
CREATE INDEX ix_acceptance_case_agency_received ON acceptance_case (agency, received_at, id);
CREATE INDEX ix_acceptance_case_agency_state ON acceptance_case (agency, state, received_at, id);
CREATE INDEX ix_acceptance_case_state_received ON acceptance_case (state, received_at, id);
CREATE INDEX ix_acceptance_case_item_received ON acceptance_case (item, received_at, id);
CREATE INDEX ix_acceptance_case_decider ON acceptance_case (decider_id, decided_at);
CREATE INDEX ix_acceptance_case_decided ON acceptance_case (decided_at, agency, decided_days, kept);
CREATE INDEX ix_acceptance_case_delivered ON acceptance_case (delivered_at, agency, trips);
CREATE INDEX ix_acceptance_case_state ON acceptance_case (state, promise_due_at, id);
CREATE INDEX ix_acceptance_case_timer ON acceptance_case (timer_at) WHERE timer_at IS NOT NULL;
CREATE INDEX ix_acceptance_alert_agency ON acceptance_alert (agency, id);
CREATE INDEX ix_acceptance_blank_stock ON acceptance_blank (agency, kind, state, id);
CREATE UNIQUE INDEX uq_acceptance_delivery_mail ON acceptance_delivery (mail_no) WHERE mail_no != '';
CREATE INDEX ix_acceptance_draft_staff ON acceptance_draft (staff_id, at);
CREATE INDEX ix_acceptance_event_at ON acceptance_event (at, case_id);
CREATE INDEX ix_acceptance_event_staff ON acceptance_event (staff_id, at);
CREATE INDEX ix_acceptance_paper_state ON acceptance_paper (state, id);
CREATE INDEX ix_acceptance_suspension_case ON acceptance_suspension (case_id, id);
CREATE UNIQUE INDEX uq_acceptance_suspension_open ON acceptance_suspension (case_id) WHERE ended_at IS NULL;
CREATE TRIGGER acceptance_guide_no_update BEFORE UPDATE ON acceptance_guide WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, 'a published guide never changes'); END;
CREATE TRIGGER acceptance_guide_no_delete BEFORE DELETE ON acceptance_guide WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, 'a published guide never changes'); END;
CREATE INDEX ix_acceptance_later_at ON acceptance_later (at) WHERE done_at IS NULL;
CREATE INDEX ix_acceptance_notice_agency ON acceptance_notice (agency, state, due_at);
CREATE INDEX ix_acceptance_notice_state ON acceptance_notice (state, due_at);
CREATE INDEX ix_acceptance_notice_step_notice ON acceptance_notice_step (notice_id, id);
CREATE INDEX ix_acceptance_complaint_agency ON acceptance_complaint (agency, id);
CREATE INDEX ix_acceptance_complaint_case ON acceptance_complaint (case_id);
CREATE INDEX ix_acceptance_case_point_issue ON acceptance_case_point (issue, case_id);
CREATE INDEX ix_acceptance_handover_source ON acceptance_handover (source, id);
CREATE INDEX ix_acceptance_handover_target ON acceptance_handover (target, state, id);
CREATE INDEX ix_acceptance_handover_line_case ON acceptance_handover_line (case_id);
CREATE UNIQUE INDEX uq_acceptance_handover_line_way ON acceptance_handover_line (case_id, what) WHERE arrived IS NULL;
CREATE INDEX ix_acceptance_mandate_helper ON acceptance_mandate (helper_digest, entrusted_at);
CREATE TRIGGER acceptance_event_no_update BEFORE UPDATE ON acceptance_event BEGIN SELECT RAISE(ABORT, 'acceptance_event is append-only'); END;
CREATE TRIGGER acceptance_event_no_delete BEFORE DELETE ON acceptance_event BEGIN SELECT RAISE(ABORT, 'acceptance_event is append-only'); END;
CREATE INDEX ix_acceptance_task_agency ON acceptance_task (agency, due_at, id) WHERE state = 'open';
CREATE INDEX ix_acceptance_task_assignee ON acceptance_task (assignee_id, due_at, id) WHERE state = 'open';
CREATE INDEX ix_acceptance_task_staff ON acceptance_task (staff_id, done_at);
CREATE INDEX ix_acceptance_task_timer ON acceptance_task (timer_at) WHERE timer_at IS NOT NULL;
CREATE INDEX ix_acceptance_absence_deputy ON acceptance_absence (deputy_id, last_day);
CREATE INDEX ix_acceptance_absence_staff ON acceptance_absence (staff_id, last_day);
CREATE TRIGGER acceptance_flow_no_update BEFORE UPDATE ON acceptance_flow BEGIN SELECT RAISE(ABORT, 'acceptance_flow is append-only'); END;
CREATE TRIGGER acceptance_flow_no_delete BEFORE DELETE ON acceptance_flow BEGIN SELECT RAISE(ABORT, 'acceptance_flow is append-only'); END;
CREATE INDEX ix_acceptance_matter_state ON acceptance_matter (state, promise_due_at, id);
CREATE INDEX ix_acceptance_matter_acceptor ON acceptance_matter (acceptor_id, state);
CREATE INDEX ix_acceptance_matter_part_asked ON acceptance_matter_part (matter_id) WHERE answer = 'asked';
CREATE INDEX ix_acceptance_showing_case ON acceptance_showing (case_id, purpose);
CREATE INDEX ix_acceptance_rating_asked ON acceptance_rating (asked_at) WHERE level IS NULL;
CREATE INDEX ix_acceptance_rating_rated ON acceptance_rating (rated_at, agency);
CREATE INDEX ix_acceptance_rating_addition_rating ON acceptance_rating_addition (rating_id);
CREATE INDEX ix_acceptance_rating_fix_alert ON acceptance_rating_fix (next_alert_at) WHERE next_alert_at IS NOT NULL;
CREATE INDEX ix_acceptance_rating_fix_open ON acceptance_rating_fix (due_at) WHERE closed_at IS NULL;
CREATE INDEX ix_acceptance_cannot_do_agency ON acceptance_cannot_do (agency, id);
CREATE INDEX ix_seal_seal_agency ON seal_seal (agency, kind, state);
CREATE INDEX ix_seal_request_state ON seal_request (state, agency, id);
CREATE INDEX ix_seal_request_decided ON seal_request (decided_at);
CREATE INDEX ix_seal_change_seal ON seal_change (seal, id);
CREATE INDEX ix_seal_stamp_agency ON seal_stamp (agency, id);
CREATE INDEX ix_seal_stamp_after ON seal_stamp ("after");
CREATE INDEX ix_seal_stamp_before ON seal_stamp ("before");
CREATE TRIGGER seal_change_no_update BEFORE UPDATE ON seal_change BEGIN SELECT RAISE(ABORT, 'seal_change is append-only'); END;
CREATE TRIGGER seal_change_no_delete BEFORE DELETE ON seal_change BEGIN SELECT RAISE(ABORT, 'seal_change is append-only'); END;
CREATE TRIGGER seal_stamp_no_update BEFORE UPDATE ON seal_stamp BEGIN SELECT RAISE(ABORT, 'seal_stamp is append-only'); END;
CREATE TRIGGER seal_stamp_no_delete BEFORE DELETE ON seal_stamp BEGIN SELECT RAISE(ABORT, 'seal_stamp is append-only'); END;
CREATE INDEX ix_licence_licence_holder ON licence_licence (holder_id, type);
CREATE INDEX ix_licence_licence_name ON licence_licence (holder_name);
CREATE INDEX ix_licence_licence_subject ON licence_licence (subject);
CREATE INDEX ix_licence_use_licence ON licence_use (licence_id, id);
CREATE TRIGGER licence_use_no_update BEFORE UPDATE ON licence_use BEGIN SELECT RAISE(ABORT, 'licence_use is append-only'); END;
CREATE TRIGGER licence_use_no_delete BEFORE DELETE ON licence_use BEGIN SELECT RAISE(ABORT, 'licence_use is append-only'); END;
COMMIT;
