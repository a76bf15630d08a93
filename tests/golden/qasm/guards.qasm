// Gates that fire only where an input says so: theirs do for q[0] and q[2].
//= input x 0.4
//= input y -0.6
//= Z0 0.9210609940028851
//= Z1 1
//= Z2 0.8253356149096783
OPENQASM 3.0;
include "stdgates.inc";
input float x;
input float y;
qubit[3] q;
if (x > 0.1) { ry(x) q[0]; }
if (y > 0.1) { ry(y) q[1]; x q[1]; }
if (y > 0.5 || y < -0.5) ry(y) q[2];
