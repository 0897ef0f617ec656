import { Badge, Tabs } from '@mantine/core';
import { IconActivity, IconAdjustments, IconBolt } from '@tabler/icons-react';
import { FaultsPanel } from '../faults/faults.panel.js';
import { SwitchesPanel } from '../faults/switches.panel.js';
import { useFaults } from '../faults/use.faults.js';
import type { Phone } from '../live/simulator.types.js';
import { WirePanel } from '../wire/wire.panel.js';
import tabs from './tabs.module.css';

/** What happens on the wire, and the means to make it go wrong. */
export function Workings({ phone }: { phone: Phone | undefined }) {
  const faults = useFaults();
  const armed = faults.data?.length ?? 0;
  return (
    <Tabs defaultValue="wire" keepMounted={false} classNames={{ root: tabs.root, panel: tabs.panel, list: tabs.list }}>
      <Tabs.List aria-label="Behind the scenes">
        <Tabs.Tab value="wire" leftSection={<IconActivity size={16} />}>On the wire</Tabs.Tab>
        <Tabs.Tab
          value="faults" leftSection={<IconBolt size={16} />}
          rightSection={armed > 0 ? <Badge size="xs" circle color="red.8" aria-label={`${armed} armed`}>{armed}</Badge> : undefined}
        >
          Faults
        </Tabs.Tab>
        <Tabs.Tab value="switches" leftSection={<IconAdjustments size={16} />}>Switches</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="wire"><WirePanel phone={phone} /></Tabs.Panel>
      <Tabs.Panel value="faults"><FaultsPanel faults={faults} /></Tabs.Panel>
      <Tabs.Panel value="switches"><SwitchesPanel /></Tabs.Panel>
    </Tabs>
  );
}
