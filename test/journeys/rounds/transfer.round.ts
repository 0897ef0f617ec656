// To a specialist.
import '../../harness/round.js';
import '../transfer.accepted.spec.js';
import '../transfer.unanswered.spec.js';
