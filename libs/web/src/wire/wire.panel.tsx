import { ActionIcon, Button, Chip, Group, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { IconActivity, IconClearAll, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { Phone } from '../live/simulator.types.js';
import { Failure, Nothing, Waiting } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { useWire, type Wire } from './use.wire.js';
import { circleOf, wanted, type WireKind } from './wire.log.js';
import { WireRow } from './wire.row.js';
import classes from './wire.module.css';

const kinds = [
  { value: 'all', label: 'All' },
  { value: 'webhook', label: 'Webhooks' },
  { value: 'rest', label: 'REST' },
  { value: 'trouble', label: 'Trouble' },
];

const STEP = 60;

/** Every webhook to the hub and every REST call from it, as it happens. */
export function WirePanel({ phone }: { phone: Phone | undefined }) {
  const wire = useWire();
  const [kind, setKind] = useState<WireKind>('all');
  const [text, setText] = useState('');
  const [mine, setMine] = useState(false);
  const [limit, setLimit] = useState(STEP);
  const about = mine && phone ? circleOf(wire.entries ?? [], phone.address) : [];
  const found = wanted(wire.entries ?? [], { kind, text, about });
  return (
    <>
      <div className={classes.tools}>
        <SegmentedControl size="xs" fullWidth data={kinds} value={kind} onChange={(value) => setKind(value as WireKind)} aria-label="Kind" />
        <Group gap={6} wrap="nowrap">
          <TextInput
            size="xs" flex={1} value={text} onChange={(event) => setText(event.currentTarget.value)} placeholder="Filter by sid, number, text…"
            aria-label="Filter the log" leftSection={<IconSearch size={14} />}
          />
          {phone && <Chip size="xs" checked={mine} onChange={setMine}>{phone.name ?? 'this phone'} only</Chip>}
          <Tooltip label="Clear the list">
            <ActionIcon aria-label="Clear the list" onClick={wire.clear}><IconClearAll size={17} /></ActionIcon>
          </Tooltip>
        </Group>
      </div>
      <div className={tabs.scroll} tabIndex={0} role="region" aria-label="Calls on the wire, newest first">
        <Before wire={wire} found={found.length} />
        <ol className={classes.list}>{found.slice(0, limit).map((entry) => <WireRow key={entry.key} entry={entry} />)}</ol>
        {found.length > limit && <Button variant="subtle" size="xs" fullWidth onClick={() => setLimit(limit + STEP)}>Show older ones</Button>}
      </div>
    </>
  );
}

function Before({ wire, found }: { wire: Wire; found: number }) {
  if (wire.error !== undefined) return <Failure message={wire.error} onAgain={() => void wire.refresh()} />;
  if (!wire.entries) return <Waiting />;
  if (wire.entries.length === 0) return <Nothing icon={IconActivity} title="Quiet on the wire">Send a text from a phone, or call: its webhook and the hub's calls show up here.</Nothing>;
  return found === 0 ? <Nothing icon={IconSearch} title="No call matches">Take away a filter to see the others.</Nothing> : null;
}
