// U and CX without a library.
//= P 00 0.8824210936422442
//= P 11 0.11757890635775578
OPENQASM 2.0;
gate turn(t) a { U(t, 0, 0) a; }
qreg q[2];
turn(0.7) q[0];
CX q[0], q[1];
U(0, 0, 0.3) q[1];
