import { Anchor } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFlask } from '@tabler/icons-react';
import { useSandbox } from '../live/sandbox.context.js';
import { GoingLive } from './going.live.js';
import classes from './page.module.css';

/** Says what is real here and what is not. */
export function Banner() {
  const { api } = useSandbox();
  const [open, { open: show, close }] = useDisclosure(false);
  const { scriptedModel } = api.session;
  return (
    <aside className={classes.banner} aria-label="About this sandbox">
      <IconFlask size={16} stroke={1.8} aria-hidden />
      <span className={classes.bannerText}>
        <span className={classes.wideOnly}>
          <strong>This is the sandbox.</strong> The people and Twilio are simulated; the hub is the real one.{' '}
          {scriptedModel ? 'The assistant follows a script until OPENAI_API_KEY is set.' : 'The assistant is a real model.'}
        </span>
        <span className={classes.narrowOnly}>
          {scriptedModel ? 'People, Twilio and assistant are simulated.' : 'People and Twilio are simulated.'}
        </span>
      </span>
      <Anchor component="button" type="button" size="xs" fw={600} c="inherit" underline="always" onClick={show} style={{ whiteSpace: 'nowrap' }}>
        Go live
      </Anchor>
      <GoingLive open={open} onClose={close} scriptedModel={scriptedModel} />
    </aside>
  );
}
