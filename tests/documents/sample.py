"""Two documents with every kind of block, as long and as mixed as real ones."""

from app.core.blocks import (
    Bar,
    Bars,
    Block,
    Bullets,
    Cell,
    Clause,
    Control,
    Document,
    Facts,
    Flagged,
    Flow,
    FlowEnd,
    FlowLine,
    Heading,
    Mark,
    Matrix,
    MatrixCell,
    Paragraph,
    Part,
    Run,
    Runs,
    Signature,
    Table,
    Tile,
    Tiles,
    Tone,
    Verdict,
)

PROJECT = "Linking homelessness data to prevent rough sleeping"
HASH = "5de2d0418ae7c0a27a3f6c1e9b48d5270c4411f0aa93e6d27788b1c2d3e4f506"


def words(text: str, tone: Tone = Tone.PLAIN) -> Runs:
    return (Run(text, tone),)


def cell(*parts: str | Run, tone: Tone = Tone.PLAIN) -> Cell:
    runs = tuple(part if isinstance(part, Run) else Run(part) for part in parts)
    return Cell((runs,), tone)


def lines(*texts: str) -> Cell:
    return Cell(tuple((Run(text),) for text in texts))


def table(
    caption: str,
    header: tuple[str, ...],
    *rows: tuple[str | Cell, ...],
    widths: tuple[int, ...] = (),
    show: bool = False,
) -> Table:
    made = tuple(tuple(one if isinstance(one, Cell) else cell(one) for one in row) for row in rows)
    return Table(caption, header, made, widths, show_caption=show)


def control(title: str = "Risk report", status: str = "Draft for advice") -> Control:
    return Control(title, PROJECT, "OFFICIAL-SENSITIVE", "14", HASH, "2026-11-20", status)


DONT_KNOW = cell(Run("I don't know", Tone.UNANSWERED))
BLANK = cell(Run("Not answered", Tone.UNANSWERED))


def _stop(to: str, text: str) -> Cell:
    return cell(Run(text, to=to))


def _top() -> tuple[Block, ...]:
    hashed = "5de2 d041 8ae7 c0a2"
    return (
        table(
            "Document control",
            ("Lead organisation", "Stage, route", "As at", "Release", "Content"),
            ("London Borough of Carnmere", "DPIA, full route", "20 November 2026", "14", hashed),
            widths=(28, 20, 20, 11, 21),
        ),
        Verdict(
            words(
                "Three stops. The DPIA cannot be closed and the agreement cannot be signed "
                "until they are settled."
            ),
            Tone.STOP,
        ),
        Tiles(
            (
                Tile("3", "stops", Tone.STOP),
                Tile("4", "more rated high", Tone.HIGH),
                Tile("4", "rated medium", Tone.MEDIUM),
                Tile("1", "rated low", Tone.LOW),
                Tile("9", "answers missing", Tone.UNKNOWN),
            )
        ),
        Heading("What stops", numbered=False),
        table(
            "What stops the project",
            ("Stop", "What settles it", "Who"),
            (
                _stop("f1", "3.1 Duty of confidence not met for hospital records"),
                "Consent at discharge, section 251 support, or counts only",
                "ICB Caldicott Guardian",
            ),
            (
                _stop("f2", "3.2 Second condition missing for special category data"),
                "Choose a Schedule 1 condition for the charity",
                "Carnmere IG lead",
            ),
            (
                _stop("f3", "3.3 No contract with the hosting supplier"),
                "Sign the processor contract",
                "Carnmere procurement",
            ),
            widths=(42, 34, 24),
        ),
        Heading("Ethics tolerances breached", numbered=False),
        Paragraph(
            (
                Run("Three items breach a tolerance: "),
                Run("indirect identification", Tone.STRONG),
                Run(", "),
                Run("permitted use of data", Tone.STRONG),
                Run(" and "),
                Run("legal gateways", Tone.STRONG),
                Run(". No overall score is given while an answer is missing ("),
                Run("section 4", to="ethics"),
                Run(")."),
            )
        ),
        Heading("Not yet known: 9 answers would settle 31 checks", numbered=False),
        table(
            "Questions that would settle the most, gravest first",
            ("Question", "Answer now", "Settles", "Who can answer"),
            (
                "Is remote support given from outside the UK?",
                DONT_KNOW,
                "6, one stop",
                "Carnmere security lead",
            ),
            (
                "How is the duty of confidence met for outreach notes?",
                BLANK,
                "5, one stop",
                "Charity manager",
            ),
            (
                "Does any automated step decide who is offered help?",
                DONT_KNOW,
                "5",
                "Project lead",
            ),
            ("Who receives rights requests for all partners?", BLANK, "4", "Carnmere IG lead"),
            widths=(44, 17, 15, 24),
        ),
        Paragraph((Run("Five more are in "), Run("section 5", to="unknown"), Run(".")), Tone.QUIET),
        Heading("What happens next", numbered=False),
        Bullets(
            (
                (
                    Run("ICB Caldicott Guardian", Tone.STRONG),
                    Run(" advises on confidence for hospital records, by 27 November."),
                ),
                (
                    Run("Carnmere IG lead", Tone.STRONG),
                    Run(" chooses the Schedule 1 condition and names a contact."),
                ),
                (
                    Run("Carnmere DPO", Tone.STRONG),
                    Run(" advises once both are done. "),
                    Run("Three risk owners", Tone.STRONG),
                    Run(" then decide."),
                ),
            ),
            numbered=True,
        ),
    )


def _marks(*numbers: int) -> tuple[Mark, ...]:
    return tuple(Mark(f"3.{n}", f"Flag number {n}", f"f{n}") for n in numbers)


MATRIX = Matrix(
    "Risk matrix: severity by likelihood, with the flags in each cell",
    ("Remote", "Possible", "Probable"),
    ("Severe", "Significant", "Minimal"),
    (
        (
            MatrixCell("Low", Tone.LOW),
            MatrixCell("High", Tone.HIGH, _marks(5, 6)),
            MatrixCell("High", Tone.HIGH, _marks(1)),
        ),
        (
            MatrixCell("Low", Tone.LOW),
            MatrixCell("Medium", Tone.MEDIUM, _marks(8, 9, 10, 11)),
            MatrixCell("High", Tone.HIGH, _marks(2, 3, 4, 7)),
        ),
        (
            MatrixCell("Low", Tone.LOW),
            MatrixCell("Low", Tone.LOW, _marks(12)),
            MatrixCell("Low", Tone.LOW),
        ),
    ),
    "Each number is a flag in section 3, rated for harm to people, before measures.",
)


def _risks(*numbers: int) -> tuple[Mark, ...]:
    return tuple(Mark(str(n), f"Risk number {n}") for n in numbers)


MOVES = Matrix(
    "Risks to people, before and after measures",
    ("Remote", "Possible", "Probable"),
    ("Severe", "Significant", "Minimal"),
    (
        (
            MatrixCell("Low, watch", Tone.LOW, (), _risks(1, 4)),
            MatrixCell("High", Tone.HIGH, _risks(1, 4)),
            MatrixCell("High", Tone.HIGH),
        ),
        (
            MatrixCell("Low", Tone.LOW, (), _risks(2, 5)),
            MatrixCell("Medium", Tone.MEDIUM, _risks(2, 5), _risks(3, 6)),
            MatrixCell("High", Tone.HIGH, _risks(3, 6)),
        ),
        (
            MatrixCell("Low", Tone.LOW),
            MatrixCell("Low", Tone.LOW),
            MatrixCell("Low", Tone.LOW),
        ),
    ),
    "White circle: before measures. Black circle: after. The number is the risk.",
)

ENDS = (
    FlowEnd("carnmere", "LB Carnmere", "controller, lead and host"),
    FlowEnd("ivermere", "LB Ivermere", "controller"),
    FlowEnd("hartvale", "LB Hartvale", "controller"),
    FlowEnd("icb", "North London NHS ICB", "controller, NHS", rounded=True),
    FlowEnd("lantern", "Lantern Outreach", "charity, controller"),
    FlowEnd("hub", "Linking environment", "run by LB Carnmere"),
    FlowEnd("teams", "Housing teams of the three councils", "controllers"),
    FlowEnd("supplier", "Hosting supplier", "processor", dashed=True),
)
_NIGHTLY = ("Applications, placements", "SFTP, each night", "named")
FLOW = Flow(
    "Who sends what to whom",
    ENDS,
    (
        FlowLine(1, "carnmere", "hub", *_NIGHTLY),
        FlowLine(2, "ivermere", "hub", *_NIGHTLY),
        FlowLine(3, "hartvale", "hub", "Applications, placements", "SFTP, each week", "named"),
        FlowLine(4, "icb", "hub", "Hospital discharges", "Each day, SFTP", "named", "3.1"),
        FlowLine(5, "lantern", "hub", "Contacts on the street", "Secure web form", "named"),
        FlowLine(6, "hub", "teams", "Linked case view", "Role-based screen", "named"),
        FlowLine(7, "hub", "lantern", "Named contact list", "Each day", "named", "3.2"),
        FlowLine(8, "hub", "icb", "Counts by month", "Secure email", "counts"),
    ),
)
DIRECT = Flow(
    "Who gives what to whom",
    ENDS,
    (
        FlowLine(1, "carnmere", "ivermere", "Names and addresses at risk", "Each night", "named"),
        FlowLine(2, "carnmere", "hartvale", "Names and addresses at risk", "Each night", "named"),
        FlowLine(3, "icb", "lantern", "Discharge dates, coded", "Each day", "coded"),
        FlowLine(4, "hartvale", "supplier", "Records it hosts", "Live", "named", "3.3"),
        FlowLine(5, "lantern", "icb", "Counts", "Each quarter", "counts"),
    ),
)

BARS = Bars(
    "Mean score of each principle, with breaches of tolerance",
    1,
    3,
    ((1, "Low"), (1.6, "Average"), (2.3, "High")),
    (
        Bar("Public good", 1.25, "Low"),
        Bar(
            "Confidentiality and security",
            1.80,
            "Average",
            ("Indirect identification", "Permitted use of data"),
        ),
        Bar("Methods and quality", 1.33, "Low"),
        Bar("Legal compliance", 1.50, "Low", ("Legal gateways",)),
        Bar("Public views and engagement", None, "Not yet", (), 1),
        Bar("Transparency", 1.33, "Low"),
    ),
)

_TITLES = (
    ("Duty of confidence not met for hospital records", Tone.STOP, "Probable", "severe"),
    ("Second condition missing for special category data", Tone.STOP, "Probable", "significant"),
    ("No contract with the hosting supplier", Tone.STOP, "Probable", "significant"),
    ("The power chosen may not cover the NHS body", Tone.HIGH, "Probable", "significant"),
    ("A safe address could reach someone dangerous", Tone.HIGH, "Possible", "severe"),
    ("People may stay away from services", Tone.HIGH, "Possible", "severe"),
    ("More staff can see records than need to", Tone.HIGH, "Probable", "significant"),
    ("Two people's records could be merged by mistake", Tone.MEDIUM, "Possible", "significant"),
    ("A rights request could be lost between partners", Tone.MEDIUM, "Possible", "significant"),
    ("Copies would live on after deletion", Tone.MEDIUM, "Possible", "significant"),
    ("No assurance recorded for the charity", Tone.MEDIUM, "Possible", "significant"),
    ("Complaints might not be acknowledged in 30 days", Tone.LOW, "Possible", "minimal"),
)


def _flag(at: int, title: str, edge: Tone, likely: str, severe: str) -> Flagged:
    rating = Tone.HIGH if edge is Tone.STOP else edge
    marks: list[Run] = [Run("STOP", Tone.STOP), Run(" ")] if edge is Tone.STOP else []
    marks += [Run(rating.value.upper(), rating), Run(f" {likely} likelihood, {severe} harm. ")]
    if edge is Tone.STOP:
        marks.append(Run("Stops the DPIA from being closed.", Tone.STRONG))
    answers = Cell(
        (
            (
                Run("Does it include any of these? "),
                Run("Health or disability; race or ethnic origin", Tone.STRONG),
                Run(" Project lead, 4 Nov 2026", Tone.QUIET),
            ),
            (
                Run("Schedule 1 condition, Lantern Outreach: "),
                Run("None chosen yet", Tone.UNANSWERED),
                Run(" Carnmere information governance lead, 11 Nov 2026", Tone.QUIET),
            ),
        )
    )
    source: Runs = (Run("Data Protection Act 2018 s.10 and Schedule 1. Confirmed by a DPO. "),)
    if at == 4:
        source = (
            Run("Digital Economy Act 2017 s.35. "),
            Run("Not confirmed", Tone.TAG),
            Run(" by a DPO or lawyer. "),
        )
    rows = (
        (
            "Because",
            cell(
                "Lantern Outreach relies on substantial public interest for health data, which "
                "also needs a condition in Schedule 1, and none is chosen."
            ),
        ),
        ("Answers", answers),
        (
            "Measures",
            lines("Choose the condition that is offered", "Write the appropriate policy document"),
        ),
        ("Source", Cell(((*source, Run(f"Rule R{at}.", Tone.QUIET)),))),
    )
    return Flagged(f"3.{at}", title, f"f{at}", tuple(marks), rows, edge)


def flags() -> tuple[Flagged, ...]:
    return tuple(_flag(at, *one) for at, one in enumerate(_TITLES, 1))


def _answers(title: str) -> tuple[Block, ...]:
    return (
        Heading(title, 2),
        table(
            f"Answers: {title}",
            ("Question", "Answer", "Who and when"),
            ("About how many people?", "1,000 to 9,999", "Project lead, 4 Nov"),
            ("Is it encrypted when stored and sent?", "Yes, both", "Carnmere security lead, 9 Nov"),
            ("Is remote support given from outside the UK?", DONT_KNOW, "Carnmere security lead"),
            (
                "What does it include?",
                (
                    "Name, date of birth, contact details, housing applications and placements, "
                    "support needs, hospital discharge date, contacts on the street"
                ),
                "Project lead, 4 Nov",
            ),
            widths=(36, 36, 28),
        ),
    )


def risk_report() -> Document:
    blocks: tuple[Block, ...] = (
        *_top(),
        Heading("Risk matrix", anchor="matrix"),
        MATRIX,
        Heading("How the data flows", anchor="flow"),
        FLOW,
        Heading("Flags", anchor="flags"),
        Paragraph(
            words(
                "Stops come first, then by rating. A flag is a prompt for a person, not a legal "
                "decision. A flag whose law is not confirmed warns and never stops."
            )
        ),
        *flags(),
        Heading("Ethics scores by principle", anchor="ethics"),
        Paragraph(
            (
                Run("UK Statistics Authority self-assessment. 1 is low risk and 3 is high. "),
                Run("Overall: not given yet.", Tone.STRONG),
                Run(" One answer is missing."),
            )
        ),
        BARS,
        table(
            "Tolerances breached",
            ("Tolerance breached", "Answer", "Justification given"),
            ("Indirect identification", "2: Not sure", "Counts under 10 are removed."),
            ("Permitted use of data", "2: Not sure", "Advice is being sought."),
            show=True,
        ),
        Heading("Not yet known", anchor="unknown"),
        Paragraph(words("Every unanswered question that would settle a check, gravest first.")),
        *(_answers("The people")[1:]),
        Heading("Answers", anchor="answers"),
        Paragraph(words("Only what was asked on this project's route. Dates are in 2026.")),
        *_answers("The data"),
        *_answers("Keeping it safe"),
        Heading("Document control", anchor="control"),
        Facts(
            "Document control",
            (
                ("Project", cell("0042, full route, answers version 31")),
                ("Made from", cell("Release 14, as at 20 November 2026")),
                ("Content hash", cell(HASH)),
            ),
        ),
    )
    return Document(control(), blocks)


_CLAUSES = (
    ("Purpose", "The purpose is to find people at risk of sleeping rough early enough to act."),
    ("Information to be shared", "The items each party sends are listed in its schedule."),
    ("Confidentiality", "Where information was given in confidence, the schedule says how."),
    ("Rights of the people concerned", "A person may ask any party."),
    ("Review and change", "The parties review this agreement at least every 12 months."),
)


def _clauses() -> tuple[Block, ...]:
    out: list[Block] = []
    for at, (title, text) in enumerate(_CLAUSES):
        parts = (
            words("to prevent and relieve homelessness of the person concerned;"),
            words("to arrange a safe discharge from hospital;"),
            words("to plan services from counts that name no one."),
        )
        out.append(Clause(title, words(text), parts if at == 0 else (), locked=at % 2 == 0))
        out.append(Clause("", words("It shall not be used for immigration enforcement.")))
    return tuple(out)


def _schedule(at: int, name: str) -> tuple[Block, ...]:
    return (
        Part(f"Schedule {at}: {name}", f"s{at}"),
        Paragraph((Run("Role:", Tone.STRONG), Run(" controller. Read with the common body."))),
        table(
            f"What {name} sends",
            ("Item", "Why it is needed", "How often and by what"),
            ("Name, date of birth", "To match and reach the person", "Each night, SFTP"),
            ("Placement, without refuge addresses", "To know where they are", "Each night, SFTP"),
            show=True,
        ),
        Facts(
            f"Lawful basis of {name}",
            (
                ("Lawful basis", cell("Public task, UK GDPR Art 6(1)(e)")),
                ("Power", cell("Housing Act 1996 Part 7; Homelessness Act 2002 s.1")),
                ("Duty of confidence", cell(Run("Not answered", Tone.UNANSWERED))),
            ),
            show_caption=True,
        ),
    )


def agreement() -> Document:
    parties = ("London Borough of Carnmere", "North London NHS Integrated Care Board")
    blocks: tuple[Block, ...] = (
        Paragraph(
            words(
                "Between three London boroughs, an NHS integrated care board and a charity, so "
                "that people at risk of sleeping rough are found early and helped."
            ),
            Tone.STRONG,
        ),
        Paragraph(
            words("For signature. Not in force for a party until that party has signed."),
            Tone.EMPHASIS,
        ),
        table(
            "Parties",
            ("Party", "Role", "Signatory", "Schedule"),
            *(
                (name, "Controller", "Director of Housing", cell(Run(str(at), to=f"s{at}")))
                for at, name in enumerate(parties, 1)
            ),
            widths=(42, 22, 24, 12),
            show=True,
        ),
        Facts(
            "Document control",
            (
                ("Term", cell("From signature to 31 May 2029")),
                ("Content hash", cell(HASH)),
            ),
            show_caption=True,
        ),
        Part("Common body", "body"),
        *_clauses(),
        *_schedule(1, parties[0]),
        *_schedule(2, parties[1]),
        Part("Signatures", "sign"),
        Paragraph(words("Each signatory acts with the delegated authority shown.")),
        Signature(
            parties[0],
            f"Director of Housing, {parties[0]}",
            "Scheme of delegation, recorded 2 November 2026",
            "Common body; schedule 1; schedule 2",
            "in Fingerpost on 15 January 2027 at 09:41",
        ),
        Signature(
            parties[1], f"Chief Medical Officer, {parties[1]}", "", "Common body; schedule 2"
        ),
    )
    return Document(control("Information sharing agreement", "For signature"), blocks)


def documents() -> tuple[Document, Document]:
    return risk_report(), agreement()
