// Registers side by side, and one qubit against a register.
//= P 1110111 1
OPENQASM 2.0;
include "qelib1.inc";
qreg a[3];
qreg b[3];
qreg s[1];
x a;
cx a, b;        // pairwise
x s[0];
cx s[0], b;     // one against all
u1(0.3) b;
cx a[0], b[1];
cx s[0], b[2];
