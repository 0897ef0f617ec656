// Web and worker as two processes.
import '../../harness/round.js';
import '../chat.two-hubs.spec.js';
import '../worker-killed.spec.js';
