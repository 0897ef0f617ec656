import { Select, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import type { Switches, SwitchValue } from '../live/simulator.types.js';
import { useLive } from '../live/use.live.js';
import { Failure, Waiting } from '../page/nothing.js';
import tabs from '../page/tabs.module.css';
import { switchOrder, switchWords, type SwitchWords } from './switch.catalogue.js';
import classes from './faults.module.css';

/** Where Twilio's behaviour is uncertain, both ways can be had. */
export function SwitchesPanel() {
  const { api } = useSandbox();
  const { data, error, refresh } = useLive({ key: 'switches', read: () => api.control<Switches>('switches'), wakeOn: [], everyMs: 10_000 });
  const [problem, setProblem] = useState<string>();
  const change = async (name: string, value: SwitchValue): Promise<void> => {
    await api.control('switches', { [name]: value }).then(() => setProblem(undefined), (failure: unknown) => setProblem(explain(failure)));
    await refresh();
  };
  if (!data) return error === undefined ? <Waiting /> : <Failure message={error} onAgain={() => void refresh()} />;
  return (
    <div className={tabs.scroll} tabIndex={0} role="region" aria-label="Switches">
      <Text size="sm" c="dimmed" p="md" pb="xs">How the simulated Twilio behaves where the real one is uncertain, or differs from account to account.</Text>
      {problem !== undefined && <Failure message={problem} />}
      <ul className={classes.switches}>
        {switchOrder(Object.keys(data)).map((name) => (
          <li key={name} className={classes.switch}><Control name={name} value={data[name]!} onChange={(value) => void change(name, value)} /></li>
        ))}
      </ul>
    </div>
  );
}

interface ControlProps {
  name: string;
  value: SwitchValue;
  onChange: (value: SwitchValue) => void;
}

function Control({ name, value, onChange }: ControlProps) {
  const words = switchWords(name);
  if (typeof value === 'boolean') {
    return (
      <Switch
        checked={value} onChange={(event) => onChange(event.currentTarget.checked)} label={words.label} description={words.why} labelPosition="left"
        classNames={{ body: classes.switchBody, labelWrapper: classes.switchLabel }}
      />
    );
  }
  return (
    <div className={classes.switchBody}>
      <div className={classes.switchLabel}>
        <Text size="sm" id={`switch-${name}`}>{words.label}</Text>
        <Text size="xs" c="dimmed">{words.why}</Text>
      </div>
      {words.choices ? <Choice name={name} value={value} words={words} onChange={onChange} /> : <Entry key={String(value)} name={name} value={value} onChange={onChange} />}
    </div>
  );
}

function Choice({ name, value, words, onChange }: ControlProps & { words: SwitchWords }) {
  const pick = (text: string | null): void => {
    const choice = words.choices?.find((each) => String(each) === text);
    if (choice !== undefined) onChange(choice);
  };
  return <Select size="xs" w={104} data={words.choices?.map(String) ?? []} value={String(value)} allowDeselect={false} onChange={pick} aria-labelledby={`switch-${name}`} />;
}

/** A number or a word; taken when the field is left, or on Enter. */
function Entry({ name, value, onChange }: ControlProps) {
  const [text, setText] = useState(String(value));
  const leave = (): void => {
    const next = typeof value === 'number' ? Number(text) : text;
    if (next !== value) onChange(next);
  };
  return (
    <TextInput
      size="xs" w={104} value={text} inputMode={typeof value === 'number' ? 'numeric' : 'text'} aria-labelledby={`switch-${name}`}
      onChange={(event) => setText(event.currentTarget.value)} onBlur={leave} onKeyDown={(event) => event.key === 'Enter' && leave()}
    />
  );
}
