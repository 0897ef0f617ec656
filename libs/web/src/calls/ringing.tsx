import { UnstyledButton } from '@mantine/core';
import { IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { explain } from '../live/api.js';
import { useLostFocus } from '../live/use.focus.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { PhoneCall } from '../live/simulator.types.js';
import classes from './call.module.css';

interface RingingProps {
  call: PhoneCall;
  owner: string;
  onChange: () => Promise<void>;
}

/** Somebody calls this phone. It rings until its owner does something, or whoever calls gives up. */
export function Ringing({ call, owner, onChange }: RingingProps) {
  const { api } = useSandbox();
  const [error, setError] = useState<string>();
  const first = useRef<HTMLButtonElement>(null);
  useLostFocus(first);
  const act = async (what: 'answer' | 'decline'): Promise<void> => {
    await api.control(`calls/${call.callSid}/${what}`, {}).catch((problem: unknown) => setError(explain(problem)));
    await onChange();
  };
  return (
    <div className={classes.foot}>
      <p className={classes.hint} role="alert">{error ?? `${owner}’s phone is ringing. Let it ring, and whoever calls gives up.`}</p>
      <div className={classes.pair}>
        <UnstyledButton className={classes.button} data-kind="end" onClick={() => void act('decline')}>
          <span className={classes.disc}><IconPhoneOff size={26} aria-hidden /></span>Decline
        </UnstyledButton>
        <UnstyledButton ref={first} className={classes.button} data-kind="answer" onClick={() => void act('answer')}>
          <span className={classes.disc}><IconPhone size={26} aria-hidden /></span>Answer
        </UnstyledButton>
      </div>
    </div>
  );
}
