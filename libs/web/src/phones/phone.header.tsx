import { ActionIcon, Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconDotsVertical, IconMessageCircle } from '@tabler/icons-react';
import { useSandbox } from '../live/sandbox.context.js';
import type { OwnNumber, Phone } from '../live/simulator.types.js';
import { outcomeLabel, outcomesOn } from './outcomes.js';
import { addressToward, channelOf, spaced } from './people.js';
import classes from './phone.module.css';

interface PhoneHeaderProps {
  phone: Phone;
  numbers: OwnNumber[];
  peer: string | undefined;
  onPeer: (peer: string) => void;
  onChange: () => Promise<void>;
}

const titleOf = (number: OwnNumber | undefined, peer: string | undefined): string => number?.friendlyName || spaced(peer ?? '');

const appOf = (address: string): string => ({ whatsapp: 'WhatsApp', rcs: 'RCS' })[channelOf(address)] ?? 'Text';

export function PhoneHeader({ phone, numbers, peer, onPeer, onChange }: PhoneHeaderProps) {
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
      <OutcomeMenu phone={phone} address={addressToward(phone.address, peer ?? '')} onChange={onChange} />
    </div>
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
