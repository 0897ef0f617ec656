// Web and worker as two processes, where the queue makes no difference.
import '../../harness/round.js';
import '../chat.streamed.spec.js';
import '../transfer.stays.spec.js';
