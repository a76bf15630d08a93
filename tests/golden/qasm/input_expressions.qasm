// Angles that are functions of inputs.
//= input a 0.3
//= input b 1.7
//= Z0 0.8727445076457513
//= Z1 -0.9990353401752455
//= Z2 0.8435766787200083
OPENQASM 3.0;
include "stdgates.inc";
input float a;
input float b;
gate turn(t, u) q { ry(t * u) q; }
qubit[3] q;
turn(a, b) q[0];
ry(sin(a) + b**2) q[1];
ry(sqrt(b) / (a + 2)) q[2];
