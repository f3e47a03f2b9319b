import { messagesFor } from '../messages/index.ts';
import type { ReportView } from '../view-model.ts';
import type { ViewName } from '../views.ts';
import { DirectorPage } from './pages/director.tsx';
import { FullPage } from './pages/full.tsx';
import { RescuerPage } from './pages/rescuer.tsx';
import { SmallPage } from './pages/small.tsx';
import { WeeklyPage } from './pages/weekly.tsx';
import { renderPage } from './shell.tsx';

/** Page of each view. */
const PAGES = {
  small: SmallPage,
  rescuer: RescuerPage,
  weekly: WeeklyPage,
  director: DirectorPage,
  full: FullPage,
} as const;

export function renderHtml(view: ReportView, name: ViewName = 'full'): string {
  const m = messagesFor(view.lang);
  const Page = PAGES[name];
  return renderPage({ view, m, kind: name, children: <Page view={view} m={m} /> });
}
