import { UnstyledButton } from '@mantine/core';
import { IconActivityHeartbeat, IconDeviceMobileMessage, IconMessages } from '@tabler/icons-react';
import classes from './page.module.css';

const views = [
  { view: 'phones', label: 'Phone', Icon: IconDeviceMobileMessage },
  { view: 'hub', label: 'Conversation', Icon: IconMessages },
  { view: 'workings', label: 'Workings', Icon: IconActivityHeartbeat },
] as const;

export type View = (typeof views)[number]['view'];

/** Where the window is too narrow for all three, one at a time. */
export function Views({ view, onView }: { view: View; onView: (view: View) => void }) {
  return (
    <nav className={classes.views} aria-label="Parts of the page">
      {views.map(({ view: each, label, Icon }) => (
        <UnstyledButton
          key={each}
          className={classes.viewButton}
          data-view={each}
          aria-current={view === each ? 'page' : undefined}
          onClick={() => onView(each)}
        >
          <Icon size={21} stroke={1.7} aria-hidden />
          <span>{label}</span>
        </UnstyledButton>
      ))}
    </nav>
  );
}
