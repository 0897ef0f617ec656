// Several texts that are one question.
import '../../harness/round.js';
import '../at-the-same-instant.spec.js';
import '../out-of-order.spec.js';
