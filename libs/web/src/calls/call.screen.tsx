import { Avatar, UnstyledButton } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useRef } from 'react';
import { useHubClock } from '../live/hub.clock.js';
import type { PhoneCall } from '../live/simulator.types.js';
import { hourMinuteSecond } from '../live/times.js';
import { useLostFocus } from '../live/use.focus.js';
import { useStickToEnd } from '../live/use.stick.js';
import { isUnderWay, ringsAt, stateWords, type Caption } from './call.words.js';
import { InCall } from './in.call.js';
import { Ringing } from './ringing.js';
import { useLine } from './use.calls.js';
import classes from './call.module.css';

interface CallScreenProps {
  call: PhoneCall;
  /** Whose phone it is. */
  owner: string;
  /** Who is on the other end. */
  peer: string;
  onChange: () => Promise<void>;
  /** Back to the messages, also while the call goes on. */
  onPutAway: () => void;
}

/** A phone that somebody calls with: who is on the line and for how long, what is heard, and what they can do. */
export function CallScreen({ call, owner, peer, onChange, onPutAway }: CallScreenProps) {
  const { lines, error, refresh } = useLine(call);
  const changed = async (): Promise<void> => void (await Promise.all([refresh(), onChange()]));
  return (
    <div className={classes.call} data-testid="call">
      <div className={classes.head}>
        <Avatar size={46} radius="xl" color="gray.7" variant="filled"><IconPhone size={23} stroke={1.7} aria-hidden /></Avatar>
        <p className={classes.peer}>{peer}</p>
        <State call={call} />
      </div>
      <Captions lines={isUnderWay(call) ? lines : lines.map((each) => ({ ...each, isLive: false }))} owner={owner} />
      {error !== undefined && isUnderWay(call) && <p className={classes.error} role="alert">{error}</p>}
      {ringsAt(call) && <Ringing call={call} owner={owner} onChange={changed} />}
      {isUnderWay(call) && !ringsAt(call) && <InCall key={call.callSid} call={call} owner={owner} onChange={changed} onPutAway={onPutAway} />}
      {!isUnderWay(call) && <Ended onPutAway={onPutAway} />}
    </div>
  );
}

function Ended({ onPutAway }: { onPutAway: () => void }) {
  const back = useRef<HTMLButtonElement>(null);
  useLostFocus(back);
  return (
    <div className={classes.foot}>
      <UnstyledButton ref={back} className={classes.close} onClick={onPutAway}>Back to messages</UnstyledButton>
    </div>
  );
}

/** Its seconds are for eyes; that it changes is said once. */
function State({ call }: { call: PhoneCall }) {
  const now = useHubClock();
  const words = stateWords(call, now);
  const isTimer = call.status === 'in-progress';
  return (
    <p className={classes.state} data-testid="call-state">
      <span role={isTimer ? 'timer' : 'status'}>{words}</span>
    </p>
  );
}

/** What is being said grows before the eyes, and is read out when it has been said. */
function Captions({ lines, owner }: { lines: Caption[]; owner: string }) {
  const list = useRef<HTMLDivElement>(null);
  useStickToEnd(list);
  return (
    <div ref={list} className={classes.captions} role="log" aria-live="polite" aria-label={`What ${owner} hears and says`} tabIndex={0}>
      {lines.map(({ key, by, text, remark, at, isLive }) => (
        <div key={key} className={classes.caption} data-by={by} data-live={isLive || undefined} aria-hidden={isLive || undefined} data-testid={`caption-${by}`}>
          <span className={classes.words}>{text}</span>
          <span className={classes.when}>
            <time dateTime={at}>{hourMinuteSecond(at)}</time>{remark && <> · {remark}</>}{isLive && ' · speaking'}
          </span>
        </div>
      ))}
    </div>
  );
}
