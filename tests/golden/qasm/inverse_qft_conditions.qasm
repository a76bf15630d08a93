// The inverse transform of a Fourier state |110>, with conditions in place of two-qubit gates: bits 011 read backwards.
//= Z0 1
//= Z1 -1
//= Z2 -1
OPENQASM 2.0;
include "qelib1.inc";
qreg q[3];
creg c[3];
// the product state that the transform of 6 is, the least significant phase first
h q;
u1(2*pi*6/2) q[0]; u1(2*pi*6/4) q[1]; u1(2*pi*6/8) q[2];
h q[0];
measure q[0] -> c[0];
if(c==1) u1(-pi/2) q[1];
h q[1];
measure q[1] -> c[1];
if(c==1) u1(-pi/4) q[2];
if(c==2) u1(-pi/2) q[2];
if(c==3) u1(-3*pi/4) q[2];
h q[2];
measure q[2] -> c[2];
