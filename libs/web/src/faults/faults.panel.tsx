import { Button, SegmentedControl, Select, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { Fault, FaultOrder } from '../live/simulator.types.js';
import type { Live } from '../live/use.live.js';
import { Failure } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { ArmedFaults } from './armed.faults.js';
import { hookCards, hookTargets, restCards, restTargets, type FaultCard, type Target } from './fault.catalogue.js';
import classes from './faults.module.css';

const often = [
  { value: '1', label: 'Once' },
  { value: '3', label: '3 times' },
  { value: '0', label: 'Until removed' },
];

/** The bad day at Twilio, by the piece. */
export function FaultsPanel({ faults }: { faults: Live<Fault[]> }) {
  const { api } = useSandbox();
  const [times, setTimes] = useState('1');
  const [problem, setProblem] = useState<string>();
  const attempt = async (work: Promise<unknown>): Promise<void> => {
    await work.then(() => setProblem(undefined), (failure: unknown) => setProblem(explain(failure)));
    await faults.refresh();
  };
  const arm = (order: FaultOrder): Promise<void> => attempt(api.control('faults', { ...order, times: Number(times) }));
  const remove = (id?: string): Promise<void> => attempt(api.control(id ? `faults/${id}` : 'faults', undefined, 'DELETE'));
  const error = problem ?? faults.error;
  return (
    <div className={tabs.scroll} tabIndex={0} role="region" aria-label="Faults">
      {error !== undefined && <Failure message={error} />}
      <ArmedFaults faults={faults.data} onRemove={remove} />
      <div className={classes.often}>
        <Text size="sm" fw={550} id="fault-times">A click arms it</Text>
        <SegmentedControl size="xs" data={often} value={times} onChange={setTimes} aria-labelledby="fault-times" />
      </div>
      <Deck title="When Twilio calls the hub" cards={hookCards} targets={hookTargets} onArm={arm} />
      <Deck title="When the hub calls Twilio" cards={restCards} targets={restTargets} onArm={arm} />
    </div>
  );
}

interface DeckProps {
  title: string;
  cards: FaultCard[];
  targets: Target[];
  onArm: (order: FaultOrder) => Promise<void>;
}

function Deck({ title, cards, targets, onArm }: DeckProps) {
  const [target, setTarget] = useState(targets[0]!.value);
  const match = targets.find(({ value }) => value === target)?.match;
  return (
    <section className={classes.deck}>
      <div className={classes.deckHead}>
        <Title order={2} size="h6">{title}</Title>
        <Select
          size="xs" w={170} data={targets.map(({ value, label }) => ({ value, label }))} value={target} allowDeselect={false}
          onChange={(value) => setTarget(value ?? targets[0]!.value)} aria-label={`${title}: which calls`}
        />
      </div>
      <div className={classes.cards}>
        {cards.map(({ order, title: name, why, expect }) => (
          <Button
            key={order.kind} variant="default" h="auto" className={classes.card} classNames={{ inner: classes.cardInner, label: classes.cardLabel }}
            onClick={() => void onArm({ ...order, ...(match ? { match } : {}) })} data-testid={`fault-${order.kind}`}
          >
            <span className={classes.cardName}>{name}</span>
            <span className={classes.cardWhy}>{why}</span>
            <span className={classes.cardExpect}>{expect}</span>
          </Button>
        ))}
      </div>
    </section>
  );
}
