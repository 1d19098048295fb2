//! What nearly every audit counts of every send, in one walk over a person's sends: each is fetched once, and of the ends of
//! loops, which no processor foresees, there are few.

use domain::traffic::RuleId;

use crate::{
    Send, Settings,
    tally::{DAY, Tally},
};

use super::{Pass, Person, engagement, holds::Holds, outcomes, sending, volume::Active};

/// Counts the person's sends; tells what is among them.
pub(super) fn count<'h>(
    person: &Person<'h>,
    in_window: &[bool],
    (settings, tally): (&Settings, &mut Tally),
    evidence: &mut impl FnMut(RuleId, &Send<'h>),
) -> Holds {
    let [own_failures, volume, silence, throughput, reached] =
        [Pass::OwnFailures, Pass::Volume, Pass::Silence, Pass::Throughput, Pass::StopWords]
            .map(|pass| person.has(pass));
    let (mut holds, mut active) = (Holds::default(), Active::default());
    for (index, (send, inside)) in person.sends.iter().zip(in_window).enumerate() {
        let (in_period, day) = (index >= person.first, send.sent_at.div_euclid(DAY));
        holds.add(send);
        if in_period || own_failures {
            outcomes::template(person, send, (day, in_period, own_failures), tally, evidence);
        }
        if volume {
            active.count(person, send, (day, in_period, *inside), settings, tally);
        }
        if in_period {
            outcomes::count(person, send, (day, *inside), tally, evidence);
            if silence || throughput {
                sending::by_number(send, silence, tally);
            }
            if reached {
                engagement::reached(person, send, tally);
            }
        }
    }
    if volume {
        active.finish(settings, tally);
    }
    let sends = person.period().len();
    if sends > 0 {
        tally.messages.add_all(person.number, sends);
    }
    holds
}
