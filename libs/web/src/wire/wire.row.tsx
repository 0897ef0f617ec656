import { Badge, Code, Collapse, Table, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import { hourMinuteSecond } from '../live/times.js';
import { refused, type WireEntry } from './wire.log.js';
import classes from './wire.module.css';

const directions = {
  webhook: { Icon: IconArrowDownLeft, words: 'Webhook from Twilio to the hub' },
  rest: { Icon: IconArrowUpRight, words: 'REST call from the hub to Twilio' },
};

export function WireRow({ entry }: { entry: WireEntry }) {
  const [open, { toggle }] = useDisclosure(false);
  const { Icon, words } = directions[entry.direction];
  return (
    <li className={classes.row} data-direction={entry.direction} data-testid="wire-row">
      <UnstyledButton className={classes.line} onClick={toggle} aria-expanded={open}>
        <span className={classes.way} title={words}><Icon size={16} stroke={2} role="img" aria-label={words} /></span>
        <span className={classes.what}>
          <span className={classes.event}>{entry.event}</span>
          <span className={classes.about}>{entry.about}</span>
        </span>
        <span className={classes.outcome}>
          <span className={classes.figures}>
            <span className={classes.ms}>{entry.ms === null ? '' : `${Math.round(entry.ms)} ms`}</span>
            <span className={classes.status} data-bad={refused(entry) || undefined}>{statusOf(entry)}</span>
          </span>
          <time className={classes.time} dateTime={entry.at}>{hourMinuteSecond(entry.at)}</time>
        </span>
      </UnstyledButton>
      {(entry.fault || entry.attempt > 1) && (
        <div className={classes.badges}>
          {entry.fault && <Badge size="xs" color="red" variant="light" tt="none" className={classes.badge}>fault: {entry.fault}</Badge>}
          {entry.attempt > 1 && <Badge size="xs" color="orange" variant="light" tt="none" className={classes.badge}>attempt {entry.attempt}</Badge>}
        </div>
      )}
      <Collapse expanded={open} keepMounted={false}><Details entry={entry} /></Collapse>
    </li>
  );
}

function statusOf({ status, error, fault, ms }: WireEntry): string {
  if (status !== null) return String(status);
  if (fault === 'webhook-lost') return 'lost';
  return error || ms !== null ? 'no answer' : '…';
}

function Details({ entry }: { entry: WireEntry }) {
  const params = Object.entries(entry.params);
  return (
    <div className={classes.details}>
      <Code className={classes.target}>{entry.target}</Code>
      {entry.error && <Text size="xs" c="var(--bad)">{entry.error}</Text>}
      {entry.direction === 'webhook' && (
        <Text size="xs" className={classes.signature}>
          <strong>X-Twilio-Signature</strong> {entry.signature ?? 'none'}
        </Text>
      )}
      {params.length > 0 && (
        <Table className={classes.params} fz={11.5} verticalSpacing={3} horizontalSpacing={0} withRowBorders>
          <Table.Tbody>
            {params.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={550}>{name}</Table.Th>
                <Table.Td>{Array.isArray(value) ? value.join(', ') : value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
