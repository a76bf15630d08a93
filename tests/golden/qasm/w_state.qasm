// One excitation shared by three.
//= P 100 0.3333333333333333
//= P 010 0.3333333333333333
//= P 001 0.3333333333333333
//= Z0 0.3333333333333333
//= Z0*Z1 -0.3333333333333333
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
u3(2*acos(1/sqrt(3)),0,0) q[0];
ch q[0],q[1];
cx q[1],q[2];
cx q[0],q[1];
x q[0];
