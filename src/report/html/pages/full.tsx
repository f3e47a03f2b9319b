import type { JSX } from 'preact';
import type { Messages } from '../../messages/index.ts';
import type { ReportView } from '../../view-model.ts';
import { Blocks } from '../block-section.tsx';
import { Card } from '../card.tsx';
import { Appendix } from '../evidence.tsx';
import { Findings } from '../findings.tsx';
import { Cover, Glance, Today } from '../front.tsx';
import { navigation } from '../navigation.ts';
import { Changes, Doors, Limits } from '../tables.tsx';

/** Everything that the run has to say, in the order of the numbers. */
export function FullPage({ view, m }: { view: ReportView; m: Messages }): JSX.Element {
  return (
    <>
      <Cover cover={view.cover} passive={view.passive} nav={navigation(view, m)} m={m} />
      <main id="main">
        <Today today={view.today} m={m} />
        <Glance glance={view.glance} m={m}>
          <Card card={view.card} m={m} />
        </Glance>
        <Changes changes={view.changes} m={m} />
        <Doors doors={view.doors} m={m} />
        <Findings findings={view.findings} m={m} />
        <Blocks
          view={view}
          numbers={['6', '7', '8', '9', '10', '11', '12', '13', '14']}
          folded={['14']}
          m={m}
        />
        <Limits limits={view.limits} m={m} />
        <Appendix appendix={view.appendix} m={m} />
        <Blocks view={view} numbers={['G', 'M']} folded={['G', 'M']} m={m} />
      </main>
    </>
  );
}
