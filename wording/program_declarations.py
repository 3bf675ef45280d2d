"""What stands in programs/*.toml, marked for translation; a test holds the two together."""

from __future__ import annotations

from geo.language import mark as N_

WORDS = (
    N_("2020 Census"),
    N_(
        "See that everybody is counted: convening, training, messaging and canvassing, within the "
        "Inland Empire's effort."
    ),
    N_("Households in hard-to-count tracts"),
    N_("Inland Empire regional effort"),
    N_("Households reached by the canvass"),
    N_("households"),
    N_("Households contacted, as the canvass days' sheets add up."),
    N_(
        "Households that the canvass's returns of this period say were spoken with, and those of canvass "
        "days recorded here; a day and tract in both counts by its returns."
    ),
    N_("40,000+ households"),
    N_("Trainings and sessions"),
    N_("events"),
    N_("Events recorded here up to today."),
    N_("Census Day"),
    N_("End of self-response"),
    N_("Civic education and candidates' forums"),
    N_("Let voters hear every candidate of a race, with the same time for each and their own questions."),
    N_("Voters and future voters"),
    N_(
        "Trustee areas and divisions are not among the sources: the whole districts stand in for them. "
        "Add their boundary file on this page, or draw them."
    ),
    N_("Forums held"),
    N_("forums"),
    N_("Questions collected from residents"),
    N_("questions"),
    N_("Questions recorded here."),
    N_("Residents who came"),
    N_("people"),
    N_("People with a code who came to at least one forum, each counted once."),
    N_("Households reached by the turnout canvass"),
    N_("Health coverage: outreach and enrollment"),
    N_("Find residents who could have health insurance and have none, and help them to enroll."),
    N_("Eligible residents without health insurance"),
    N_(
        "The health district's outline is not among the sources: the whole study area stands in for "
        "it. Add its boundary file on this page."
    ),
    N_("Eligible but uninsured residents"),
    N_("As the health district told it; tracked by the District, not counted here."),
    N_("from 90,000 to 45,000"),
    N_("People enrolled"),
    N_("Enrollments recorded here; a person with a code counts once."),
    N_("Half of the eligible are insured"),
    N_("Aged under 65 (older residents have Medicare)"),
    N_("assumption: few of the uninsured are 65 and over; the table of uninsured gives no ages"),
    N_("Can be covered by their residence status"),
    N_("assumption: no table of a tract tells it; set it to what the District uses"),
    N_("Infrastructure task force"),
    N_("Bring safe water and wastewater service to the valley's small systems and parks."),
    N_("Residents of parks and small water systems"),
    N_("Meetings of the task force"),
    N_("meetings"),
    N_("Systems connected"),
    N_("systems"),
    N_(
        "Systems connected on the water board, for water or wastewater, each counted once from the "
        "day of connection."
    ),
    N_("Regional plan: Connect SoCal"),
    N_("Bring the voice of hard-to-reach residents into the regional plan of transport and housing."),
    N_("Hard-to-reach people first"),
    N_("Residents who took part"),
    N_("People with a code who came to at least one session, each counted once."),
    N_("70 residents in 4 consecutive sessions"),
    N_("Residents who came to 4 sessions in a row"),
    N_("People with a code who came to 4 sessions one after another."),
    N_("Comments handed in"),
    N_("School funding: the Local Control Funding Formula"),
    N_("Let parents and residents know how school money is planned, and take part in planning it."),
    N_("Parents and residents of the school district"),
    N_("Residents recruited"),
    N_("People with a code who signed up, each counted once."),
    N_("nearly 400"),
    N_("Residents who take part consistently"),
    N_("People with a code who came to at least 3 sessions."),
    N_("more than 50"),
    N_("Community forums held"),
    N_("Residents sit in the district's stakeholder meetings"),
)
