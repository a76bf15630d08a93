// The secret 1101 in one question.
//= P 11011 0.5
//= P 11010 0.5
//= X4 -1
OPENQASM 2.0;
include "qelib1.inc";
qreg q[4];
qreg a[1];
x a; h a; h q;
cx q[0],a[0]; cx q[1],a[0]; cx q[3],a[0];
h q;
