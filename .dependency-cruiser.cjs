// The map of the house. This table drives the lint (npm run check), docs/map.md (npm run docs:map) and
// test/rooms/architecture.spec.ts. Imports point towards the record; another room is entered only through the
// files that carry its name.
const rooms = {
  // record: owns the truth
  tenancy: { rank: 'record', may: [], owns: 'tenants, senders, credentials, API tokens' },
  contacts: { rank: 'record', may: ['tenancy'], owns: 'contacts, addresses and how far they are trusted, consents, merges, WhatsApp windows' },
  conversations: { rank: 'record', may: ['tenancy', 'contacts'], owns: 'conversations, participants, messages, ownership' },
  visitors: { rank: 'record', may: ['tenancy'], owns: 'widget keys, visitors of web chat and who they say they are' },
  mirror: { rank: 'record', may: ['tenancy', 'contacts', 'conversations'], owns: 'the copy in Twilio: opening, copying and comparing Conversations' },
  calls: { rank: 'record', may: ['tenancy', 'contacts', 'conversations', 'mirror'], owns: 'phone calls, who speaks in them, and what was left on voicemail' },
  placing: { rank: 'record', may: [], owns: 'calls that we place: each of them once' },
  staff: { rank: 'record', may: ['tenancy', 'contacts'], owns: 'staff members, how each is reached, and when they are not to be disturbed' },
  // work: acts on it
  memory: { rank: 'work', may: ['tenancy', 'contacts', 'conversations'], owns: 'facts, summaries, recall' },
  media: { rank: 'work', may: ['tenancy', 'conversations'], owns: 'what is attached: fetched or handed in, looked at, stored, sent' },
  knowledge: { rank: 'work', may: ['tenancy', 'conversations'], owns: 'pages of the tenant\'s own, search in them, citations' },
  routes: { rank: 'work', may: ['tenancy', 'contacts', 'conversations'], owns: 'which way a message takes, and where it goes when it cannot go there' },
  delivery: { rank: 'work', may: ['tenancy', 'contacts', 'conversations', 'routes'], owns: 'deliveries, retries, sender rates, receipts' },
  transfer: { rank: 'work', may: ['tenancy', 'conversations', 'calls', 'placing'], owns: 'callers on their way to a specialist, and each specialist who is called for them' },
  outbound: { rank: 'work', may: ['tenancy', 'contacts', 'conversations', 'calls', 'placing'], owns: 'calls that the assistant makes: when they may be made, and what became of them' },
  policies: { rank: 'work', may: ['tenancy', 'staff', 'oncall'], owns: 'who is told of an incident, in which order' },
  escalation: { rank: 'work', may: ['tenancy', 'conversations', 'placing', 'staff', 'oncall', 'policies'], owns: 'incidents, the ladder that each goes up, and what has become of each text and call about it' },
  alerting: { rank: 'work', may: ['tenancy', 'contacts', 'placing', 'policies', 'escalation'], owns: 'how somebody is told of an incident: the text, the mail and the call, each once' },
  incidents: { rank: 'work', may: ['tenancy', 'staff', 'oncall', 'policies', 'escalation'], owns: 'incidents as programs see them: the API, the log, the figures' },
  drills: { rank: 'work', may: ['tenancy', 'staff', 'oncall', 'policies', 'escalation'], owns: 'drills, what became of each, and what would go wrong in an emergency' },
  callback: {
    rank: 'work', may: ['tenancy', 'conversations', 'calls', 'placing', 'staff', 'transfer', 'escalation'], owns: 'who has an incident and the person, on their way to each other; what whoever waits is told',
  },
  triage: { rank: 'work', may: ['tenancy', 'contacts', 'conversations', 'staff', 'escalation'], owns: 'how urgent it is what people say: who says so, and words of the tenant\'s own' },
  tools: { rank: 'work', may: ['tenancy', 'conversations', 'memory', 'knowledge', 'transfer', 'outbound', 'triage'], owns: 'what the assistant can do besides talking, and its audit' },
  oncall: { rank: 'work', may: ['tenancy', 'staff'], owns: 'schedules, and who is on call' },
  assistant: { rank: 'work', may: ['tenancy', 'conversations', 'calls', 'memory', 'media', 'tools'], owns: 'turns, prompts, style' },
  privacy: {
    rank: 'work', may: ['tenancy', 'contacts', 'conversations', 'calls', 'visitors', 'mirror', 'memory', 'media', 'knowledge', 'delivery', 'transfer', 'outbound', 'escalation', 'callback', 'triage', 'assistant'],
    owns: 'export and erasure of a person over all rooms and at Twilio, retention',
  },
  // door: faces the outside
  channels: { rank: 'door', may: ['tenancy', 'contacts', 'conversations', 'mirror', 'media', 'delivery'], owns: 'Twilio webhooks, parsers, senders, what webhooks missed' },
  webchat: { rank: 'door', may: ['tenancy', 'contacts', 'conversations', 'visitors', 'media', 'delivery'], owns: 'REST and sockets of the widget, and the sender that fills them' },
  email: {
    rank: 'door', may: ['tenancy', 'contacts', 'conversations', 'media', 'delivery', 'escalation', 'alerting'], owns: 'mailboxes, what came to them, and what goes out by them',
  },
  voice: {
    rank: 'door', may: ['tenancy', 'conversations', 'calls', 'media', 'delivery', 'transfer', 'callback', 'assistant'], owns: 'phone calls as Twilio hands them to us: the ladder from engine to voicemail',
  },
  relay: { rank: 'door', may: ['tenancy', 'conversations', 'calls', 'assistant', 'voice'], owns: 'callers whose words Twilio writes down and speaks: ConversationRelay' },
  realtime: { rank: 'door', may: ['tenancy', 'conversations', 'calls', 'assistant', 'voice'], owns: 'callers whom a model hears and speaks to by itself: Media Streams and OpenAI Realtime' },
  vapi: { rank: 'door', may: ['tenancy', 'conversations', 'calls', 'assistant', 'voice'], owns: 'callers whom Vapi hears and speaks to' },
  answering: { rank: 'door', may: ['tenancy', 'outbound'], owns: 'what whoever picks up comes to when we call: the assistant, or a message behind the beep' },
  conference: { rank: 'door', may: ['tenancy', 'calls', 'transfer', 'callback'], owns: 'what a waiting caller hears, how a specialist is asked, and the rooms where people meet' },
  pager: { rank: 'door', may: ['tenancy', 'conversations', 'staff', 'escalation', 'callback'], owns: 'what people hear, press and see who are told of an incident' },
  calendars: { rank: 'door', may: ['tenancy', 'staff', 'oncall'], owns: 'shifts in the calendar programs that people use' },
  sandbox: { rank: 'door', may: [], owns: 'the page of phones, where Twilio is simulated' },
};

const libs = {
  kernel: [],
  database: ['kernel'],
  queues: ['kernel', 'database'],
  twilio: ['kernel'],
  llm: ['kernel'],
  live: ['kernel', 'database'],
  mail: ['kernel'],
  'mail-simulator': ['kernel'],
  'twilio-simulator': ['kernel'],
  'scripted-model': ['kernel'],
  vapi: ['kernel'],
  // People on the phone are the other simulator's: only how their words become sound is known here.
  'vapi-simulator': ['kernel', 'twilio-simulator'],
  web: [],
};

const roomRules = Object.entries(rooms).map(([room, { may }]) => ({
  name: `room-${room}`,
  severity: 'error',
  comment: `${room} may import only: ${may.join(', ') || 'no other room'}`,
  from: { path: `^src/${room}/` },
  to: { path: '^src/[^/]+/', pathNot: `^src/(${[room, ...may].join('|')})/` },
}));

const libRules = Object.entries(libs).map(([lib, may]) => ({
  name: `lib-${lib}`,
  severity: 'error',
  comment: `libs/${lib} may import only: ${may.join(', ') || 'no other lib'}`,
  from: { path: `^libs/${lib}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: '^libs/[^/]+/', pathNot: `^libs/(${[lib, ...may].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...libRules,
    {
      name: 'front-door-only', severity: 'error',
      comment: 'Enter another room through <room>.module|service|types|guard.ts',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/$1/', '^src/([^/]+)/\\1\\.(module|service|types|guard)\\.ts$'] },
    },
    {
      name: 'unlisted-room', severity: 'error', comment: 'A folder in src/ is a room of the table above, or migrations/',
      from: {}, to: { path: '^src/[^/]+/', pathNot: `^src/(${[...Object.keys(rooms), 'migrations'].join('|')})/` },
    },
    {
      name: 'rooms-do-not-know-the-hall', severity: 'error', comment: 'Rooms may read app.config; the rest of app.* composes them',
      from: { path: '^src/[^/]+/' }, to: { path: '^src/(main|app\\.)', pathNot: '^src/app\\.config\\.ts$' },
    },
    { name: 'libs-know-no-rooms', severity: 'error', from: { path: '^libs/' }, to: { path: '^src/' } },
    {
      name: 'no-simulator-in-product', severity: 'error', comment: 'Only the composition root knows that Twilio or the model may be simulated',
      from: { path: '^src/', pathNot: '^src/app\\.sandbox\\.ts$|\\.spec\\.ts$' }, to: { path: '^libs/(twilio-simulator|mail-simulator|vapi-simulator|scripted-model)/' },
    },
    {
      name: 'decisions-are-pure', severity: 'error', comment: 'Machines, policies and parsers touch no database, queue, network or framework',
      from: { path: '\\.(machine|policy|parser)\\.ts$' },
      to: { path: '^(libs/(database|queues/src/(?!job-runner)|llm)|node_modules/(typeorm|pg|bullmq|@nestjs|twilio|openai)/)' },
    },
    {
      name: 'repositories-only-touch-the-database', severity: 'error',
      from: { path: '\\.repository\\.ts$' }, to: { path: '^libs/(queues|twilio|llm)/|^src/[^/]+/[^/]+\\.(service|controller|processor)\\.ts$', pathNot: '\\.types\\.ts$' },
    },
    {
      name: 'only-services-use-repositories', severity: 'error', comment: 'Controllers and processors call one service method',
      from: { path: '\\.(controller|processors?|gateway|machine|policy|parser)\\.ts$' }, to: { path: '\\.repository\\.ts$' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: ['/dist/', '\\.data/', '^test/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'types', 'default'], extensions: ['.ts', '.tsx', '.js'] },
  },
};

// The cruiser refuses properties it does not know; the map script and the test read these all the same.
Object.defineProperties(module.exports, { rooms: { value: rooms }, libs: { value: libs } });
