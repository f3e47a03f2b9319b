import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { ReportView } from '../../view-model.ts';
import type { SectionNumber } from '../../views.ts';
import { Blocks } from '../block-section.tsx';
import { Card } from '../card.tsx';
import { Appendix } from '../evidence.tsx';
import { Findings } from '../findings.tsx';
import { Cover, Glance, Today, type NavItem } from '../front.tsx';
import { navigation } from '../navigation.ts';
import { Changes, Doors, Limits } from '../tables.tsx';

/** Way in, doors, what must be kept, whom to ask: the order of a visit. The other sections are for looking up. */
const ORDER = ['6', '4', '5', '7', '8', '9', '10', '12', '13'] as const satisfies readonly SectionNumber[];
const MINUTES = 15;

/** For who goes to the place: numbered as the full report, 1–3 and 5 in short. */
export function RescuerPage({ view, m }: { view: ReportView; m: Messages }): JSX.Element {
  const nav = navigation(view, m);
  return (
    <>
      <Cover cover={{ ...view.cover, kind: m.script.kind }} passive={view.passive} nav={nav} m={m}>
        <ReadingOrder nav={nav} m={m} />
      </Cover>
      <main id="main">
        <Today today={view.today} short m={m} />
        <Glance glance={view.glance} short m={m}>
          <Card card={view.card} m={m} />
        </Glance>
        <Changes changes={view.changes} short m={m} />
        <Doors doors={view.doors} m={m} />
        <Findings findings={view.findings} visit m={m} />
        <Blocks
          view={view}
          numbers={['6', '7', '8', '9', '10', '11', '12', '13', '14']}
          folded={['11', '13', '14']}
          m={m}
        />
        <Limits limits={view.limits} folded m={m} />
        <Appendix appendix={view.appendix} folded m={m} />
        <Blocks view={view} numbers={['G', 'M']} folded={['G', 'M']} m={m} />
      </main>
    </>
  );
}

function ReadingOrder({ nav, m }: { nav: readonly NavItem[]; m: Messages }): JSX.Element {
  const say = m.script;
  const items = ORDER.flatMap((number) => {
    const item = nav.find((one) => one.number === number);
    return item === undefined ? [] : [{ ...item, why: say.order[number] }];
  });
  return (
    <nav class="order" aria-label={say.orderTitle}>
      <p>
        <b>{say.orderTitle}</b> <span class="small">{say.orderLead(MINUTES)}</span>
      </p>
      <ol>
        {items.map(({ number, id, title, why }) => (
          <li>
            <a href={`#${id}`}>
              <span class="no">{number}</span>
              <b>{title}</b>
            </a>
            <span class="sub">{why}</span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
