import type { SectionView } from '../../view-model-sections.ts';
import type { Context } from '../context.ts';
import { logRequestBlocks } from '../log-request.ts';
import { recordBlocks } from '../record-sheet.ts';
import { tracedDevices } from '../traces.ts';
import { visitBlocks } from '../visit.ts';

/** Section 7: said of every run, because who comes here may suspect what no run has seen. */
export function buildPreserve(context: Context): SectionView {
  const { m, lang, knowledge } = context;
  const say = m.rescuer.preserve;
  const { commonAdvice } = knowledge;
  const devices = tracedDevices(context);
  const first = devices.filter(({ recordFirst }) => recordFirst).length;
  return {
    number: '7',
    title: say.title,
    lead: devices.length === 0 ? say.leadNone : say.lead(first, devices.length - first),
    blocks: [
      {
        kind: 'box',
        title: say.boxTitle,
        items: [
          say.damage,
          commonAdvice['restart-rule'][lang],
          commonAdvice['visible-incident'][lang],
          say.network,
        ],
      },
      { kind: 'heading', text: say.orderTitle },
      {
        kind: 'list',
        style: 'numbers',
        items: [...commonAdvice['record-order'].map((step) => step[lang]), say.lastStep],
      },
      ...visitBlocks(context),
      ...recordBlocks(context),
      ...logRequestBlocks(context),
    ],
  };
}
