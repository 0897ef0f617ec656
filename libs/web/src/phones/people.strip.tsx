import { Avatar, Indicator, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconMail, IconPhone, IconPlus } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { isUnderWay, ringsAt } from '../calls/call.words.js';
import { callsOf } from '../calls/use.calls.js';
import type { Phone, PhoneCall } from '../live/simulator.types.js';
import type { Writer } from '../mail/mail.types.js';
import { colourOf, spaced } from './people.js';
import type { Phones } from './use.phones.js';
import classes from './people.module.css';

/** @param writers people with a mail program, and which of them is looked at */
export function PeopleStrip({ phones, calls, writers, writer }: { phones: Phones; calls: readonly PhoneCall[]; writers: readonly Writer[]; writer: Writer | undefined }) {
  const { list = [], chosen, unread, choose, add } = phones;
  return (
    <div className={classes.strip} role="group" aria-label="People">
      {list.map((phone) => (
        <Person key={phone.address} phone={phone} call={callsOf(calls, phone.address).findLast(isUnderWay)} chosen={!writer && phone.address === chosen?.address} unread={unread(phone)} onChoose={choose} />
      ))}
      {writers.map((each) => (
        <UnstyledButton key={each.address} className={classes.person} aria-pressed={each === writer} onClick={() => choose(each.address)} data-testid="writer">
          <Avatar className={classes.face} size={44} radius="xl" color={colourOf(each.address)} variant="filled"><IconMail size={22} stroke={1.6} aria-hidden /></Avatar>
          <span className={classes.name}>{each.name}</span>
          <VisuallyHidden>, by e-mail</VisuallyHidden>
        </UnstyledButton>
      ))}
      <UnstyledButton className={`${classes.person} ${classes.newcomer}`} onClick={() => void add()} data-testid="new-phone">
        <span className={classes.add}><IconPlus size={20} aria-hidden /></span>
        <span className={classes.name}>New phone</span>
      </UnstyledButton>
    </div>
  );
}

interface PersonProps {
  phone: Phone;
  /** What they are on the phone with, or called by. */
  call: PhoneCall | undefined;
  chosen: boolean;
  unread: number;
  onChoose: (address: string) => void;
}

function Person({ phone, call, chosen, unread, onChoose }: PersonProps) {
  const face = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (chosen) face.current?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
  }, [chosen]);
  const name = phone.name ?? spaced(phone.address);
  const more = `${phone.name ? `, ${spaced(phone.address)}` : ''}${unread > 0 ? `, ${unread} new` : ''}${callWords(call)}`;
  return (
    <UnstyledButton ref={face} className={classes.person} aria-pressed={chosen} onClick={() => onChoose(phone.address)}>
      <Indicator
        aria-hidden label={call ? <IconPhone size={12} stroke={2.2} /> : unread} disabled={!call && unread === 0} size={18} offset={5}
        color={call ? 'green.9' : 'red.8'} processing={ringsAt(call)}
      >
        <Avatar className={classes.face} size={44} radius="xl" color={colourOf(phone.address)} variant="filled">{initials(phone)}</Avatar>
      </Indicator>
      <span className={classes.name}>{name}</span>
      <VisuallyHidden>{more}</VisuallyHidden>
    </UnstyledButton>
  );
}

function callWords(call: PhoneCall | undefined): string {
  if (!call) return '';
  return ringsAt(call) ? ', their phone rings' : ', on the phone';
}

function initials({ name, address }: Phone): string {
  return name ? name.slice(0, 1).toUpperCase() : address.slice(-2);
}
