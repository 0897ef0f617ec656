import { ActionIcon, Avatar, Group, Menu, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconDotsVertical, IconMessageCircle, IconPhone } from '@tabler/icons-react';
import { useState } from 'react';
import { explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { OwnNumber, Phone } from '../live/simulator.types.js';
import { outcomeLabel, outcomesOn } from './outcomes.js';
import { addressToward, bare, channelOf, spaced } from './people.js';
import classes from './phone.module.css';

interface PhoneHeaderProps {
  phone: Phone;
  numbers: OwnNumber[];
  peer: string | undefined;
  onPeer: (peer: string) => void;
  isCalling: boolean;
  onChange: () => Promise<void>;
  onCalled: (callSid: string) => Promise<void>;
}

const titleOf = (number: OwnNumber | undefined, peer: string | undefined): string => number?.friendlyName || spaced(peer ?? '');

const appOf = (address: string): string => ({ whatsapp: 'WhatsApp', rcs: 'RCS' })[channelOf(address)] ?? 'Text';

export function PhoneHeader({ phone, numbers, peer, isCalling, onPeer, onChange, onCalled }: PhoneHeaderProps) {
  const number = numbers.find(({ phoneNumber }) => phoneNumber === peer);
  const head = (
    <>
      <Avatar size={34} radius="xl" color="gray.7" variant="filled"><IconMessageCircle size={19} stroke={1.7} aria-hidden /></Avatar>
      <span className={classes.peer}>
        <span className={classes.peerName}>{titleOf(number, peer)}</span>
        <span className={classes.peerNumber}>{peer ? `${appOf(peer)} · ${spaced(peer)}` : 'no number yet'}</span>
      </span>
    </>
  );
  return (
    <div className={classes.phoneHeader}>
      {numbers.length < 2 ? <div className={classes.peerRow}>{head}</div> : (
        <Menu position="bottom-start">
          <Menu.Target>
            <UnstyledButton className={classes.peerRow} title="Choose which number to write to, and how">
              {head}
              <IconChevronDown size={16} aria-hidden />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {numbers.map((each) => (
              <Menu.Item key={each.phoneNumber} onClick={() => onPeer(each.phoneNumber)}>
                {titleOf(each, each.phoneNumber)}
                <Text size="xs" c="dimmed">{appOf(each.phoneNumber)} · {spaced(each.phoneNumber)}</Text>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Group gap={0} wrap="nowrap">
        {bare(peer ?? '').startsWith('+') && !isCalling && <CallButton from={phone.address} to={bare(peer!)} title={titleOf(number, peer)} onCalled={onCalled} />}
        <OutcomeMenu phone={phone} address={addressToward(phone.address, peer ?? '')} onChange={onChange} />
      </Group>
    </div>
  );
}

function CallButton({ from, to, title, onCalled }: { from: string; to: string; title: string; onCalled: (callSid: string) => Promise<void> }) {
  const { api } = useSandbox();
  const [error, setError] = useState<string>();
  const call = async (): Promise<void> => {
    // The carrier vouches for the number: what the clinic knows of this person is spoken of.
    const placed = api.control<{ callSid: string }>('calls', { from, to, stirVerstat: 'TN-Validation-Passed-A' });
    await placed.then(({ callSid }) => onCalled(callSid), (problem: unknown) => setError(explain(problem)));
  };
  return (
    <Tooltip label={error ?? 'Call'} color={error === undefined ? undefined : 'red.8'} opened={error === undefined ? undefined : true}>
      <ActionIcon size="lg" aria-label={`Call ${title}`} data-testid="call-button" onClick={() => void call()}>
        <IconPhone size={20} />
      </ActionIcon>
    </Tooltip>
  );
}

function OutcomeMenu({ phone, address, onChange }: { phone: Phone; address: string; onChange: () => Promise<void> }) {
  const { api } = useSandbox();
  const present = phone.outcomes?.[address] ?? 'delivered';
  const choose = async (outcome: string): Promise<void> => {
    await api.control('phones', { address, ...(phone.name ? { name: phone.name } : {}), outcome });
    await onChange();
  };
  return (
    <Menu width={230}>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={`How this phone behaves: ${outcomeLabel(present)}`}>
          <IconDotsVertical size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>When we text this phone, it…</Menu.Label>
        {outcomesOn(channelOf(address)).map(({ outcome, label, why }) => (
          <Menu.Item
            key={outcome} onClick={() => void choose(outcome)} aria-current={present === outcome ? 'true' : undefined}
            rightSection={present === outcome ? <IconCheck size={16} /> : undefined}
          >
            {label}
            <Text size="xs" c="dimmed">{why}</Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
