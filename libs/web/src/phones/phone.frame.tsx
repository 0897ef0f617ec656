import { IconAntennaBars5, IconBattery3, IconWifi } from '@tabler/icons-react';
import { useState } from 'react';
import { CallBar } from '../calls/call.bar.js';
import { CallScreen } from '../calls/call.screen.js';
import { callsOf, useShown, type Calls } from '../calls/use.calls.js';
import { useHubClock } from '../live/hub.clock.js';
import type { OwnNumber, Phone, PhoneCall } from '../live/simulator.types.js';
import { hourMinute } from '../live/times.js';
import { channelOf, spaced } from './people.js';
import { PhoneBubbles } from './phone.bubbles.js';
import { PhoneComposer } from './phone.composer.js';
import { PhoneHeader } from './phone.header.js';
import classes from './phone.module.css';

interface PhoneFrameProps {
  phone: Phone;
  numbers: OwnNumber[];
  calls: Calls;
  onChange: () => Promise<void>;
}

export function PhoneFrame({ phone, numbers, calls, onChange }: PhoneFrameProps) {
  const lastPeer = phone.messages.at(-1)?.peer;
  const [choice, setChoice] = useState<string>();
  const peer = choice ?? lastPeer ?? numbers[0]?.phoneNumber;
  const messages = phone.messages.filter((message) => message.peer === peer);
  const owner = phone.name ?? spaced(phone.address);
  const { call, isAway, open, putAway } = useShown(callsOf(calls.list, phone.address));
  const begun = async (callSid: string): Promise<void> => {
    open(callSid);
    await calls.refresh();
  };
  return (
    <div className={classes.device} data-channel={channelOf(peer ?? '')}>
      <div className={classes.screen} role="group" aria-label={`${owner}'s phone`}>
        <StatusBar />
        {call && !isAway ? <CallScreen call={call} owner={owner} peer={peerOf(call, phone, numbers)} onChange={calls.refresh} onPutAway={putAway} /> : (
          <>
            {call && <CallBar call={call} onOpen={() => open(call.callSid)} />}
            <PhoneHeader phone={phone} numbers={numbers} peer={peer} isCalling={call !== undefined} onPeer={setChoice} onChange={onChange} onCalled={begun} />
            <PhoneBubbles messages={messages} owner={owner} number={spaced(phone.address)} onTapped={onChange} />
            <PhoneComposer phone={phone} peer={peer} fresh={messages.length === 0} onSent={onChange} />
          </>
        )}
        <div className={classes.homeBar} aria-hidden />
      </div>
    </div>
  );
}

function peerOf({ from, to }: PhoneCall, { address }: Phone, numbers: OwnNumber[]): string {
  const other = from === address ? to : from;
  return numbers.find(({ phoneNumber }) => phoneNumber === other)?.friendlyName || spaced(other);
}

export function StatusBar() {
  const now = useHubClock();
  return (
    <div className={classes.statusBar} aria-hidden>
      <span>{hourMinute(now)}</span>
      <span className={classes.island} />
      <span className={classes.signals}>
        <IconAntennaBars5 size={17} stroke={2} />
        <IconWifi size={16} stroke={2} />
        <IconBattery3 size={20} stroke={1.8} />
      </span>
    </div>
  );
}
