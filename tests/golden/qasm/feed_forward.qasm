// Decisions by several bits: equal, different, and, or, a whole register, arithmetic.
//= Z3 1
//= Z4 1
//= Z5 -1
//= Z6 -0.5
OPENQASM 3.0;
include "stdgates.inc";
qubit[7] q;
bit[3] c;
h q[0:2];
c = measure q[0:2];
bit parity = c[0] ^ c[1] ^ c[2];
// q[3] takes the parity twice
cx q[0], q[3]; cx q[1], q[3]; cx q[2], q[3];
if (parity == 1) x q[3];
// q[4]: or of the first two, undone by and-not
if (c[0] || c[1]) { x q[4]; }
if (!(!c[0] && !c[1])) { x q[4]; }
// q[5]: any value of the register fires one of these
if (c == 0) { x q[5]; } else if (c < 4) { x q[5]; } else { if (c[2] && c != 7) x q[5]; else x q[5]; }
// q[6] is 1 for six of eight
if (c > 1) x q[6];
